import type { TurnTimes } from '../../core/contract/session-events.ts'

const ORDER = ['t0', 't1', 't2', 't3', 't4', 't5', 't6'] as const
export type Mark = (typeof ORDER)[number]

/**
 * What a further moment adds to a turn's times. The moments come from two clocks and in any order, so one that would lie before an
 * earlier or behind a later one is moved to it and named as `clamped`, instead of being lost or making a part of the wait negative.
 */
export function placeMoment(times: TurnTimes, name: Mark, at: number, uncertainty_ms?: number): TurnTimes {
  const place = ORDER.indexOf(name)
  const known = (marks: readonly Mark[]) => marks.flatMap((mark) => times[mark] ?? [])
  const earliest = Math.max(-Infinity, ...known(ORDER.slice(0, place)))
  const latest = Math.min(Infinity, ...known(ORDER.slice(place + 1)))
  const moment = Math.min(Math.max(at, earliest), latest)
  return {
    [name]: moment,
    ...(uncertainty_ms === undefined ? {} : { t6_uncertainty_ms: uncertainty_ms }),
    ...(moment === at ? {} : { clamped: [...(times.clamped ?? []), name] }),
  }
}
