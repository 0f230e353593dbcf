import { StudioError } from '../../core/contract/errors.ts'

/** More calls at once than these are refused, and left to other workers. */
const MAX_SESSIONS = 100

/** Reads GREENROOM_MAX_SESSIONS. Throws `malformed`. */
export function mostSessions(wanted: string | undefined): number {
  if (wanted === undefined || wanted === '') return MAX_SESSIONS
  if (/^[1-9]\d{0,5}$/.test(wanted)) return Number(wanted)
  throw new StudioError(
    'malformed',
    `GREENROOM_MAX_SESSIONS is "${wanted}", which is no number of calls.`,
    'Give a whole number from 1 on, or leave it out for 100.',
  )
}
