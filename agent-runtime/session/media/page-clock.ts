/** The clock of one page, told in the session's: pings carry what the page has measured; until then, what never comes too early. */
export type PageClock = Readonly<{
  /** A message that the page stamped `at` has just come. */
  seen: (at: number) => void
  /** What the page measured: session clock = page clock + `offset_ms`. Only the quickest round trip is believed. */
  measured: (offset_ms: number, round_trip_ms: number) => void
  toSession: (at: number) => Readonly<{ at: number; uncertainty_ms?: number }>
}>

export function createPageClock(clock: () => number): PageClock {
  let smallest = Infinity
  let best: { offset_ms: number; round_trip_ms: number } | undefined
  return {
    seen: (at) => void (smallest = Math.min(smallest, clock() - at)),
    measured(offset_ms, round_trip_ms) {
      if (!best || round_trip_ms <= best.round_trip_ms) best = { offset_ms, round_trip_ms }
    },
    toSession: (at) => (best ? { at: at + best.offset_ms, uncertainty_ms: best.round_trip_ms / 2 } : { at: at + smallest }),
  }
}
