/**
 * For addresses that natives connect to (WebRTC), whose sockets no guard sees. Threat: see address-rule.ts; what the name leads to is checked
 * here, and TLS sees to it that whoever answers later is who that name belongs to, so that a second answer cannot lead inside.
 */
import { isIP } from 'node:net'
import { StudioError } from '../../core/contract/errors.ts'
import { hostOf, type AddressRule } from './address-rule.ts'
import { checkedLookup, type LookUp } from './checked-lookup.ts'
import { RefusedAddress } from './refused-address.ts'

/** Throws `forbidden` for a wss:// or https:// address that leads inside, or for one without TLS; `unavailable` when its name leads nowhere. */
export async function requirePublic(rule: AddressRule, url: string, lookUp?: LookUp): Promise<void> {
  const host = hostOf(url)
  if (!/^(wss|https):/i.test(url)) throw refused('is not encrypted', 'Write it as wss://….')
  const kind = isIP(host) === 0 ? await kindOfName(rule, host, lookUp) : rule(host)
  if (kind !== undefined) throw refused(`is ${kind}`, 'Use a public address.')
}

function kindOfName(rule: AddressRule, name: string, lookUp?: LookUp): Promise<string | undefined> {
  let kind: string | undefined
  const noting: AddressRule = (address) => (kind ??= rule(address))
  return new Promise((resolve, reject) => {
    checkedLookup(noting, lookUp)(name, { all: true }, (error) => {
      if (!error || error instanceof RefusedAddress) resolve(kind)
      else reject(new StudioError('unavailable', 'The address leads nowhere.', 'See whether its name is right.'))
    })
  })
}

const refused = (what: string, hint: string) =>
  new StudioError(
    'forbidden',
    `This address ${what}, which this tenant may not reach.`,
    `${hint} The operator of the server can allow private ones.`,
  )
