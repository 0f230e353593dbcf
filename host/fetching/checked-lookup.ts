import dns from 'node:dns'
import type { LookupAddress, LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { AddressRule } from './address-rule.ts'
import { RefusedAddress } from './refused-address.ts'

/** As `dns.lookup` with `all`. */
export type LookUp = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
) => void

const bySystem: LookUp = (name, options, done) => dns.lookup(name, options, done)

/**
 * For sockets: a name is looked up once, and the socket connects to what was checked, so that the answer to a second question cannot lead
 * elsewhere. A name of which one address is refused is refused: it was made to confuse.
 */
export const checkedLookup =
  (rule: AddressRule, lookUp: LookUp = bySystem): LookupFunction =>
  (name, options, done) => {
    lookUp(name, { ...familyOf(options), all: true }, (error, found) => {
      if (error) return done(error, '')
      const [first] = found
      const refused = found.map(({ address }) => rule(address)).find((kind) => kind !== undefined)
      if (refused !== undefined) return done(new RefusedAddress(name, refused), '')
      if (!first) return done(new Error(`${name} has no address`), '')
      if (options.all) done(null, [...found])
      else done(null, first.address, first.family)
    })
  }

function familyOf({ family }: LookupOptions): Pick<LookupOptions, 'family'> {
  return family === undefined ? {} : { family }
}
