/**
 * Which addresses what a tenant names may lead to. Threat: a webhook, a tool or a provider's address that leads to the server itself, to
 * its network, or to the metadata service of its cloud (SSRF), written so that it does not look like it: as a number, inside an IPv6
 * address (mapped, translated, tunnelled), or as a name. So an address is taken apart by a library, only what is plainly public is
 * allowed, and everything that is not known is not.
 */
import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { StudioError } from '../../core/contract/studio-error.ts'
import { ALLOWED } from './reach.ts'

/** Undefined: it may be connected to; else what it is, in words. */
export type AddressRule = (address: string) => string | undefined

/** Services of a cloud for its own machines, at addresses that look public. */
const OF_THE_CLOUD: ReadonlySet<string> = new Set(['168.63.129.16'])
/** The well-known prefix of NAT64; others translate into networks that nobody here knows. */
const NAT64 = '64:ff9b::/96'

/** `allowed`: networks (`10.1.0.0/16`) that an admin of the server allows all the same. Throws for one that is none. */
export function createAddressRule(allowed: readonly string[] = []): AddressRule {
  const networks = allowed.map((network) => ipaddr.parseCIDR(network.includes('/') ? network : `${network}/${bitsOf(network)}`))
  const own = new Set(Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => plain(address))))
  return (text) => {
    const address = parse(text)
    if (!address) return 'no address'
    if (networks.some((network) => contains(network, address))) return undefined
    const kind = kindOf(address)
    if (kind !== undefined) return kind
    return own.has(address.toString()) ? 'an address of the server itself' : undefined
  }
}

/** The networks that GREENROOM_ALLOWED_ADDRESSES names (`10.1.0.0/16, fd12::/48`) are allowed to all. Throws `malformed`. */
export function addressRuleHere(environment: NodeJS.ProcessEnv): AddressRule {
  const text = environment[ALLOWED] ?? ''
  try {
    return createAddressRule(text.split(/[\s,]+/).filter((network) => network !== ''))
  } catch (cause) {
    throw new StudioError(
      'malformed',
      `${ALLOWED} is "${text}", which is no list of networks.`,
      'Write it as 10.1.0.0/16, fd12:3456::/48, or leave it out.',
      [],
      { cause },
    )
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** With IPv4 taken out of where it is hidden. Forms that only programs write (`0x7f.1`) are none here: names are looked up instead. */
function parse(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (!ipaddr.IPv6.isValid(bare) && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return undefined
  const address = ipaddr.parse(bare)
  if (address instanceof ipaddr.IPv4) return address
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  return address.match(ipaddr.IPv6.parseCIDR(NAT64)) ? ipaddr.fromByteArray(address.toByteArray().slice(-4)) : address
}

/** Where an http address leads, as its reader understands it: a number written in another way is the address that it means. */
export const hostOf = (url: string): string => URL.parse(url)?.hostname.replace(/^\[|\]$/g, '') ?? ''

const plain = (text: string): string => parse(text)?.toString() ?? text
const bitsOf = (network: string): number => (network.includes(':') ? 128 : 32)

const contains = ([network, bits]: readonly [Address, number], address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits)

const WORDS: Readonly<Record<string, string>> = {
  loopback: 'an address of the server itself',
  unspecified: 'an address of the server itself',
  private: 'an address inside a network',
  uniqueLocal: 'an address inside a network',
  carrierGradeNat: 'an address inside a network',
  linkLocal: 'an address of the local link',
}

function kindOf(address: Address): string | undefined {
  const range = address.range()
  if (range !== 'unicast') return WORDS[range] ?? 'no public address'
  return OF_THE_CLOUD.has(address.toString()) ? 'a service of the cloud for its own machines' : undefined
}
