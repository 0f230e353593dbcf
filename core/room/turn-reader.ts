import type { SessionStreamMessage } from '../contract/events.ts'
import { isJournalEvent, type SessionEvent } from '../contract/session-events.ts'
import { parseJson } from '../json.ts'
import { TurnLine, type LinePosition } from './turn-stream.ts'

/** What is known of a session by its `studio.turn` streams: how far it was told in order, and lines that came too early. */
export type TurnReading = Readonly<{
  at: LinePosition
  /** The last delta since that line. */
  d: number
  early: readonly TurnLine[]
}>

export const emptyTurnReading: TurnReading = { at: { attempt: 0, n: 0 }, d: 0, early: [] }

/** So many lines are kept that cannot be told yet; whoever is so far behind asks for them again. */
const EARLY_MOST = 2000

type Read = Readonly<{ reading: TurnReading; told: readonly SessionStreamMessage[] }>

/**
 * Takes lines of any number of streams, in any order and as often as they come; gives each event once and in order, as the host's own
 * session stream would.
 */
export const readTurnLine = (reading: TurnReading, line: TurnLine): Read =>
  tellAll({ ...reading, early: [...reading.early, line].slice(-EARLY_MOST) })

/** For one who cannot ask for what is missing, such as a hidden observer: goes on with what has come. */
export function skipMissing(reading: TurnReading): Read {
  const [first] = reading.early.filter(isKept).sort((one, other) => (isBehind(one, other) ? -1 : 1))
  return first ? tellAll({ ...reading, at: { attempt: first.attempt, n: first.n - 1 }, d: 0 }) : { reading, told: [] }
}

function tellAll(reading: TurnReading): Read {
  let next = reading
  const told: SessionStreamMessage[] = []
  for (;;) {
    const { at, d } = next
    const following = next.early.find((one) => follows(one, at, d))
    if (!following) break
    next = {
      at: isKept(following) ? { attempt: following.attempt, n: following.n } : at,
      d: isKept(following) ? 0 : (following.d ?? 0),
      early: next.early.filter((one) => one !== following),
    }
    tell(told, following)
  }
  const { at, d } = next
  return { reading: { ...next, early: next.early.filter((one) => !isStale(one, at, d)) }, told }
}

/** Lines have come that do not follow: what is between has to be asked for. Streams that run side by side settle in a moment. */
export const missingLines = ({ at, early }: TurnReading): LinePosition | undefined => (early.length > 0 ? at : undefined)

/** What to ask for behind, after a connection was lost. */
export const position = ({ at }: TurnReading): LinePosition => at

/** Undefined for what is no line. */
export function parseTurnLine(text: string): TurnLine | undefined {
  const line = TurnLine.safeParse(parseJson(text))
  return line.success ? line.data : undefined
}

/** A stream comes in pieces that know nothing of lines. */
export function createLineSplitter(): Readonly<{ push: (chunk: string) => string[] }> {
  let rest = ''
  return {
    push(chunk) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      return lines.filter((line) => line !== '')
    },
  }
}

const isKept = ({ event, snapshot }: TurnLine) => snapshot !== true && isJournalEvent(event)
/** Whether somebody who has `one` has less. */
export const isBehind = (one: LinePosition, other: LinePosition) =>
  one.attempt < other.attempt || (one.attempt === other.attempt && one.n < other.n)

function follows(line: TurnLine, at: LinePosition, d: number): boolean {
  if (isKept(line)) {
    if (line.attempt === at.attempt) return line.n === at.n + 1
    return line.attempt > at.attempt && line.n === 1 && !(line.before && isBehind(at, line.before))
  }
  if (line.attempt !== at.attempt || line.n !== at.n || line.d === undefined) return false
  // A snapshot also stands for what was told before line `n`, so it may say as many deltas as are known.
  return line.snapshot ? line.d >= d : line.d === d + 1
}

function isStale(line: TurnLine, at: LinePosition, d: number): boolean {
  if (isKept(line)) return !isBehind(at, line)
  return isBehind(line, at) || (line.attempt === at.attempt && line.n === at.n && (line.d ?? 0) <= d)
}

function tell(told: SessionStreamMessage[], { event, rest = [], snapshot }: TurnLine): void {
  if (snapshot) return void told.push({ type: 'snapshot', events: [event, ...rest] })
  const last = told.at(-1)
  const events: SessionEvent[] = last?.type === 'events' ? last.events : []
  events.push(event)
  if (last?.type !== 'events') told.push({ type: 'events', events })
}
