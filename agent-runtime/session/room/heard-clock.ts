import type { ClockRequest } from '../../../core/room/turn-stream.ts'
import { UNTOLD_MS } from '../../../core/session/heard-by-caller.ts'
import { createPageClock } from '../media/page-clock.ts'
import type { HeardMark } from '../voice-line.ts'

/** Two clocks agree to within this. */
const SLACK_MS = 50

/** When the caller heard the first sample (t6): as the caller's page says, or, without one that says so, as far as it is known here. */
export type HeardClock = Readonly<{
  /** A stretch of speech begins to leave. `over` when it has left or was cut. */
  begun: (mark: HeardMark) => { over: () => void }
  /** What the caller's page tells. Answered with the session's clock. */
  asked: (request: ClockRequest) => { clock: number }
  /** The session's clock. */
  now: () => number
}>

export function createHeardClock(clock: () => number): HeardClock {
  const page = createPageClock(clock)
  let toldBy = false
  let current: { left: number; mark: HeardMark } | undefined

  const settle = () => {
    current?.mark(current.left, UNTOLD_MS)
    current = undefined
  }
  return {
    begun(mark) {
      settle()
      const mine = { left: clock(), mark }
      current = mine
      if (!toldBy) settle()
      return { over: () => (current === mine ? settle() : undefined) }
    },
    asked({ at, offset_ms, round_trip_ms, heard_at }) {
      page.seen(at)
      if (offset_ms !== undefined && round_trip_ms !== undefined) {
        page.measured(offset_ms, round_trip_ms)
        toldBy = true
      }
      if (heard_at !== undefined && current) {
        const heard = page.toSession(heard_at)
        if (heard.at >= current.left - (heard.uncertainty_ms ?? 0) - SLACK_MS) {
          current.mark(heard.at, heard.uncertainty_ms)
          current = undefined
        }
      }
      return { clock: clock() }
    },
    now: clock,
  }
}
