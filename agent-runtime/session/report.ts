import type { DeltaEvent, JournalBody, SessionEvent } from '../../core/contract/session-events.ts'

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'at_ms'> : never
export type DeltaBody = WithoutTime<DeltaEvent>

/** Streamed text waits this long for more of it: a screen shows no more, and half of the tokens cost no message of their own. */
const GATHER_MS = 33

/** Where everything that happens in a call is told. Journal events get their place `(attempt, seq)` here; deltas have none. */
export type Report = Readonly<{
  journal: (body: JournalBody) => void
  delta: (body: DeltaBody) => void
  /** The session's clock: ms since this attempt began, monotonic. */
  clock: () => number
  /** Sends what has gathered, now. */
  flush: () => void
}>

/** Events leave together and in order: those of one pass of the event loop, and streamed text a moment later. */
export function createReport(attempt: number, emit: (events: readonly SessionEvent[]) => void): Report {
  const began = performance.now()
  const clock = () => performance.now() - began
  let gathered: SessionEvent[] = []
  let growing: Partial<Record<TextBody['type'], GrowingText>> = {}
  let soon: NodeJS.Immediate | undefined
  let later: NodeJS.Timeout | undefined
  let seq = 0

  const flush = () => {
    clearImmediate(soon)
    clearTimeout(later)
    soon = later = undefined
    if (gathered.length === 0) return
    const events = gathered
    gathered = []
    growing = {}
    emit(events)
  }
  const tell = (event: SessionEvent) => {
    gathered.push(event)
    growing = {}
    if (isStreaming(event)) later ??= setTimeout(flush, GATHER_MS)
    else soon ??= setImmediate(flush)
  }
  const grow = (body: TextBody) => {
    const last = growing[body.type]
    if (last && last.turn_id === body.turn_id && fieldOf(last) === fieldOf(body)) {
      last.text += body.text
      return
    }
    const text: GrowingText = { ...body, at_ms: clock() }
    growing[body.type] = text
    gathered.push(text)
    later ??= setTimeout(flush, GATHER_MS)
  }
  return {
    journal: (body) => tell({ ...body, attempt, seq: ++seq, at: Date.now(), at_ms: clock() }),
    delta: (body) => {
      if (body.type === 'raw.delta' || body.type === 'field.delta' || body.type === 'speech.delta') grow(body)
      else tell({ ...body, at_ms: clock() })
    },
    clock,
    flush,
  }
}

type TextBody = Extract<DeltaBody, { type: 'raw.delta' | 'field.delta' | 'speech.delta' }>
type GrowingText = { -readonly [Key in keyof TextBody]: TextBody[Key] } & TextBody & { at_ms: number }
/** Of a reply that is being written: more of it comes in a moment. */
const isStreaming = ({ type }: SessionEvent) => type === 'field.started' || type === 'field.done' || type === 'turn.times'
const fieldOf = (body: TextBody) => (body.type === 'field.delta' ? body.field : undefined)
