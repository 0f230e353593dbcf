const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How long is waited after each failure: about a day in all. */
export const RETRY_AFTER_MS = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 7 * HOUR, 9 * HOUR],
] as const

/** Part of the wait that chance adds, so that what failed together does not come back together. */
const JITTER = 0.2

/** When the next attempt is due after so many failed ones; undefined: there is none any more. `random`: 0 to 1. */
export function nextAttempt(
  { attempts, now, retry_after_ms = 0 }: Readonly<{ attempts: number; now: number; retry_after_ms?: number | undefined }>,
  random: () => number,
  waits: readonly number[] = RETRY_AFTER_MS,
): number | undefined {
  const wait = waits[attempts - 1]
  if (wait === undefined) return undefined
  return now + Math.round(Math.max(wait * (1 + JITTER * random()), Math.min(retry_after_ms, HOUR)))
}
