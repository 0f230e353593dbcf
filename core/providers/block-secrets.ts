/*
 * Threat model: an agent comes from a stranger and names a well-known provider at an address of the stranger's own. A key that its
 * owner never named for that address must not be sent there: the usual key goes to the provider's own site, encrypted, and to this
 * machine only.
 */
import { addressHost } from './address-host.ts'
import { findProvider } from './find-provider.ts'
import { isLoopback } from './is-loopback.ts'
import type { NeededSecret, Provider, ProviderKind } from './provider.ts'

/** A kind's block of a document, as far as keys go. */
export type SecretBlock = Readonly<{
  provider: string
  base_url?: string | undefined
  api_key?: string | undefined
  api_secret?: string | undefined
}>

/** `named`: by the document itself; otherwise the provider's usual one. `needed`: nothing answers without it. */
export type BlockSecret = Readonly<{ key: NeededSecret['key']; reference: string; named: boolean; needed: boolean }>

/** The references that a block uses, whether it names them or the provider's usual ones are tried. */
export function blockSecrets(kind: ProviderKind, block: SecretBlock): readonly BlockSecret[] {
  const provider = findProvider(kind, block.provider)
  const usual = provider?.needs.kind === 'secret' && isOwnSite(provider, block.base_url) ? provider.needs.secrets : []
  const needed = needsSecret(kind, block.provider, block.base_url)
  const keys = ['api_key', 'api_secret'] as const
  return keys.flatMap((key): BlockSecret[] => {
    const named = block[key]
    const reference = named ?? usual.find((secret) => secret.key === key)?.reference
    return reference === undefined ? [] : [{ key, reference, named: named !== undefined, needed: needed || named !== undefined }]
  })
}

/** The reference of the key that is tried when a document names none: `env:OPENAI_API_KEY`; nothing for providers without keys. */
export const defaultSecret = (kind: ProviderKind, provider: string): string | undefined =>
  blockSecrets(kind, { provider }).find(({ key }) => key === 'api_key')?.reference

/** Names and numbers that only this machine and its network know. */
const NEARBY =
  /^(?:[^.]*|.*\.(?:localhost|local|internal|lan)|\[::1\]|(?:127|10)(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/

/** Whether calls to this address cannot work without a key: servers on this machine and in its network need none. */
export function needsSecret(kind: ProviderKind, name: string, base_url: string | undefined): boolean {
  const provider = findProvider(kind, name)
  if (provider?.needs.kind !== 'secret') return false
  if (provider.needs.only_for === undefined) return true
  return !isNearby(base_url ?? provider.base_url ?? '')
}

/** Whether an address stays in this network, as far as it says so itself. */
export const isNearby = (address: string): boolean => NEARBY.test(addressHost(address) ?? '')

/** Whether an address belongs to the provider and hides what is sent there (or leads to this machine), so that its usual key may go there. */
export function isOwnSite({ base_url: own, needs }: Provider, address: string | undefined): boolean {
  if (address === undefined || isLoopback(address)) return true
  const host = addressHost(address)
  if (host === undefined || !/^(?:https|wss):/i.test(address)) return false
  const ownHost = own === undefined ? undefined : addressHost(own)
  const sites = needs.kind === 'secret' ? (needs.sites ?? []) : []
  return [...(ownHost === undefined ? [] : [siteOf(ownHost)]), ...sites].some(
    (site) => host === site || host.endsWith(`.${site}`),
  )
}

/** `api.eu.deepgram.com` and `api.deepgram.com` are one site. */
const siteOf = (host: string): string => (host.startsWith('[') ? host : host.split('.').slice(-2).join('.'))
