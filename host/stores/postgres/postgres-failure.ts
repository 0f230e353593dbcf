import pg from 'pg'
import { StudioError } from '../../../core/contract/errors.ts'

/** SQLSTATEs, by their first letters, of a server that cannot do it now; https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNAVAILABLE: readonly (readonly [code: string, why: string])[] = [
  ['08', 'the connection broke'],
  ['25006', 'it only reads (a standby, or set so)'],
  ['28', 'it does not accept the user or the password'],
  ['3D', 'the database is not there'],
  ['53100', 'its disk is full'],
  ['53', 'it has no room for more connections or memory'],
  ['55P03', 'somebody else held what was needed for too long'],
  ['57014', 'it took too long'],
  ['57P', 'it is shutting down or starting'],
  ['58', 'its files cannot be read'],
  ['XX', 'it reports damage'],
]

/** Another try of the whole transaction may do. */
export const mayPass = (cause: unknown): boolean => cause instanceof pg.DatabaseError && /^(40001|40P01)$/.test(cause.code ?? '')

/** The connection itself is of no use any more, or nobody knows. */
export const isBroken = (cause: unknown): boolean =>
  !(cause instanceof StudioError) && (!(cause instanceof pg.DatabaseError) || /^(08|57P)/.test(cause.code ?? ''))

/** What a person can mend about a failure, in plain words; anything else unchanged. `address` has no password in it. */
export function toStudioError(cause: unknown, address: string): unknown {
  if (cause instanceof pg.DatabaseError) return ofServer(cause, address)
  return isNetwork(cause) ? unavailable(address, reasonOf(cause), cause) : cause
}

function ofServer(cause: pg.DatabaseError, address: string): unknown {
  const code = cause.code ?? ''
  if (code === '23505') {
    const hint = 'Look at what is there, or choose another name.'
    return new StudioError('conflict', 'There is already one like it, so nothing was saved.', hint, [], { cause })
  }
  if (mayPass(cause)) return unavailable(address, 'others were at work on the same', cause)
  if (code === '42501') return unavailable(address, `it does not allow what Greenroom needs: ${cause.message}`, cause)
  const why = UNAVAILABLE.find(([start]) => code.startsWith(start))?.[1]
  return why === undefined ? cause : unavailable(address, why, cause)
}

const isNetwork = (cause: unknown): cause is Error =>
  cause instanceof Error &&
  (('code' in cause && typeof cause.code === 'string' && /^(E[A-Z]+|CERT_|ERR_TLS|DEPTH_|UNABLE_|SELF_)/.test(cause.code)) ||
    /timeout|Connection terminated|not queryable|server does not support SSL|pool after calling end/i.test(cause.message))

function reasonOf(cause: Error): string {
  if ('code' in cause && cause.code === 'ECONNREFUSED') return 'nothing answers there'
  if ('code' in cause && cause.code === 'ENOTFOUND') return 'no machine has this name'
  return /timeout/i.test(cause.message) ? 'it took too long' : cause.message || 'the connection broke'
}

const unavailable = (address: string, why: string, cause: unknown): StudioError =>
  new StudioError(
    'unavailable',
    `The database at ${address} cannot be used: ${why}.`,
    'Check that it runs and can be reached; a server that is up already goes on by itself.',
    [],
    { cause },
  )
