import type { ReleaseBounds } from '../../../core/contract/releases.ts'

/** As typed: a share in percent, a silence that may be left open. */
export type BoundsDraft = Readonly<{ errors: number | string; silence: number | string; calls: number | string }>

/** What a release has when nobody says otherwise. */
export const USUAL_BOUNDS: ReleaseBounds = { max_error_rate: 0.2, min_sessions: 20 }

export const draftOf = ({ max_error_rate, max_silence_p95_ms, min_sessions }: ReleaseBounds): BoundsDraft => ({
  // Without the tail of a binary fraction.
  errors: Number((max_error_rate * 100).toFixed(4)),
  silence: max_silence_p95_ms ?? '',
  calls: min_sessions,
})

/** Undefined while something in it is no bound. */
export function readBounds({ errors, silence, calls }: BoundsDraft): ReleaseBounds | undefined {
  if (!isBetween(errors, 0, 100) || !isBetween(calls, 1, 1_000_000)) return undefined
  if (silence !== '' && !isBetween(silence, 100, 600_000)) return undefined
  const max_error_rate = Number((errors / 100).toFixed(6))
  return { max_error_rate, ...(silence !== '' && { max_silence_p95_ms: Math.round(silence) }), min_sessions: Math.round(calls) }
}

const isBetween = (value: number | string, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most

export const isSameDraft = (one: BoundsDraft, other: BoundsDraft): boolean =>
  one.errors === other.errors && one.silence === other.silence && one.calls === other.calls
