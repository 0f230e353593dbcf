import type { DeltaEvent, JournalBody, SessionEvent } from '../../core/contract/session-events.ts'

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at_ms'> : never
export type DeltaBody = WithoutTime<DeltaEvent>

/** Where everything that happens in a call is told. Journal events get their place `(attempt, seq)` here; deltas have none. */
export type Report = Readonly<{
  journal: (body: JournalBody) => void
  delta: (body: DeltaBody) => void
  /** The session's clock: ms since this attempt began, monotonic. */
  clock: () => number
  /** Sends what has gathered, now. */
  flush: () => void
}>

/** Events of one pass of the event loop leave together: one message to the host instead of one for every token. */
export function createReport(attempt: number, emit: (events: readonly SessionEvent[]) => void): Report {
  const began = performance.now()
  const clock = () => performance.now() - began
  let gathered: SessionEvent[] = []
  let seq = 0

  const flush = () => {
    if (gathered.length === 0) return
    const events = gathered
    gathered = []
    emit(events)
  }
  const tell = (event: SessionEvent) => {
    if (gathered.push(event) === 1) setImmediate(flush)
  }
  return {
    journal: (body) => tell({ ...body, attempt, seq: ++seq, at: Date.now(), at_ms: clock() }),
    delta: (body) => tell({ ...body, at_ms: clock() }),
    clock,
    flush,
  }
}
