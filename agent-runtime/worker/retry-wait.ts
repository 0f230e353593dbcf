/** Waits before the n-th attempt in a row: quick at first, as most outages are a restart. */
const WAITS = [100, 250, 500, 1000, 2000, 4000, 8000] as const
const CAP_MS = 10_000
const REFUSED_MS = 30_000

/** How long to wait before the next attempt, with jitter, so that a server that comes back is not stormed. `tries`: in a row so far. */
export function retryWait(tries: number, state: 'lost' | 'failed'): number {
  const wait = state === 'failed' ? REFUSED_MS : (WAITS[tries] ?? CAP_MS)
  return Math.min(wait * (0.7 + 0.6 * Math.random()), state === 'failed' ? Infinity : CAP_MS)
}
