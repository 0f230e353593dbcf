import { isJournalEvent, type JournalEvent, type SessionEvent } from '../contract/session-events.ts'
import { createOpenTurn } from '../session/open-turn.ts'
import { publicEvent } from './public-event.ts'
import type { LinePosition, TurnLine } from './turn-stream.ts'

/** The lines of `studio.turn`, numbered, and what of them has to be told again. */
export type TurnLog = Readonly<{
  /** The lines that these events make, in order. */
  add: (events: readonly SessionEvent[]) => TurnLine[]
  /** Every kept line behind this one, and one that stands for all that deltas have told since. */
  after: (position: LinePosition) => TurnLine[]
}>

/** `earlier`: public events of the attempts before, from the journal. */
export function createTurnLog(attempt: number, earlier: readonly SessionEvent[] = []): TurnLog {
  const kept: TurnLine[] = []
  const open = createOpenTurn()
  let last: LinePosition = { attempt: 0, n: 0 }
  let d = 0

  const keep = (event: JournalEvent): TurnLine => {
    const first = event.attempt > last.attempt
    const n = first ? 1 : last.n + 1
    const line: TurnLine = {
      v: 1,
      attempt: event.attempt,
      n,
      ...(first && { before: last }),
      event: { ...event, seq: n },
    }
    last = { attempt: event.attempt, n }
    d = 0
    kept.push(line)
    open.apply(event)
    return line
  }
  const lineOf = (event: SessionEvent): TurnLine[] => {
    const told = publicEvent(event)
    if (!told) return []
    if (!isJournalEvent(told)) {
      open.apply(told)
      return [{ v: 1, ...last, d: ++d, event: told }]
    }
    if (told.type === 'session.recovered' || told.attempt === last.attempt || told.attempt === 1) return [keep(told)]
    // Each further attempt begins alike, whether the journal or the process itself tells of it.
    const { seq, at, at_ms } = told
    return [keep({ type: 'session.recovered', reason: '', gap_ms: 0, attempt: told.attempt, seq, at, at_ms }), keep(told)]
  }
  for (const event of earlier) if (isJournalEvent(event) && event.attempt < attempt) lineOf(event)

  return {
    add: (events) => events.flatMap(lineOf),
    after({ attempt: known, n }) {
      const missed = kept.filter((line) => line.attempt > known || (line.attempt === known && line.n > n))
      const [event, ...rest] = open.snapshot()
      return event ? [...missed, { v: 1, ...last, d, snapshot: true, event, rest }] : missed
    },
  }
}
