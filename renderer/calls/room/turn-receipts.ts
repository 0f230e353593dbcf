import type { SessionStreamMessage } from '../../../core/contract/index.ts'
import {
  emptyTurnReading,
  missingLines,
  position,
  readTurnLine,
  skipMissing,
  type TurnReading,
} from '../../../core/room/turn-reader.ts'
import type { ResumeRequest, TurnLine } from '../../../core/room/turn-stream.ts'

/** One text stream of `studio.turn` as it came in. */
export type StreamReceipt = Readonly<{
  key: string
  turn_id: string
  lines: number
  /** `broken`: the connection went away in the middle of it. */
  state: 'open' | 'closed' | 'broken'
  /** It told again what came while this window was away. */
  resumed: boolean
}>

/** What a frontend got of `studio.turn`: complete or not, in order or not, and how late. */
export type TurnReceipts = Readonly<{
  reading: TurnReading
  streams: number
  broken: number
  resumed: number
  /** Lines of the journal, and what streamed between them. */
  kept: number
  deltas: number
  /** Came a second time, and was left out. */
  repeated: number
  /** The newest ones, ms, as far as the clocks are known. */
  delays: readonly number[]
  lastOutput?: unknown
  recent: readonly StreamReceipt[]
}>

const RECENT = 50
const DELAYS = 500

export const NO_RECEIPTS: TurnReceipts = {
  reading: emptyTurnReading,
  streams: 0,
  broken: 0,
  resumed: 0,
  kept: 0,
  deltas: 0,
  repeated: 0,
  delays: [],
  recent: [],
}

export const streamBegan = (state: TurnReceipts, key: string, turn_id: string, resumed: boolean): TurnReceipts => ({
  ...state,
  streams: state.streams + 1,
  resumed: state.resumed + (resumed ? 1 : 0),
  recent: [...state.recent.slice(1 - RECENT), { key, turn_id, lines: 0, state: 'open', resumed }],
})

export const streamEnded = (state: TurnReceipts, key: string, how: 'closed' | 'broken'): TurnReceipts => ({
  ...state,
  broken: state.broken + (how === 'broken' ? 1 : 0),
  recent: state.recent.map((stream) => (stream.key === key ? { ...stream, state: how } : stream)),
})

export type Taken = Readonly<{
  receipts: TurnReceipts
  /** What can be told now, in order. */ told: readonly SessionStreamMessage[]
}>

/** `delay_ms`: since it was told by the agent, when both clocks are known. */
export function lineCame(state: TurnReceipts, key: string, line: TurnLine, delay_ms: number | undefined): Taken {
  const { reading, told } = readTurnLine(state.reading, line)
  const recent = state.recent.map((one) => (one.key === key ? { ...one, lines: one.lines + 1 } : one))
  const counted = { ...state, reading, recent }
  const waits = reading.early.length > state.reading.early.length
  if (told.length === 0 && !waits) return { receipts: { ...counted, repeated: state.repeated + 1 }, told }
  const isKept = 'seq' in line.event
  const known = delay_ms !== undefined && !waits && line.snapshot !== true
  return {
    told,
    receipts: {
      ...counted,
      kept: state.kept + (isKept ? 1 : 0),
      deltas: state.deltas + (isKept ? 0 : 1),
      ...(known ? { delays: [...state.delays.slice(1 - DELAYS), Math.max(0, delay_ms)] } : {}),
      ...(line.event.type === 'output.done' ? { lastOutput: line.event.output } : {}),
    },
  }
}

/** For one who cannot ask for what is missing: goes on with what came. */
export function goOnWithout(state: TurnReceipts): Taken {
  const { reading, told } = skipMissing(state.reading)
  return { receipts: { ...state, reading }, told }
}

/** Lines that wait for one that has not come. */
export const waitingLines = ({ reading }: TurnReceipts): number => (missingLines(reading) ? reading.early.length : 0)

/** Where to go on after a break. */
export const resumeFrom = ({ reading }: TurnReceipts): ResumeRequest => position(reading)

export const percentile = (values: readonly number[], share: number): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
