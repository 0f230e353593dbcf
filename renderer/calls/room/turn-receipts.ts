import type { TurnLine } from '../../../core/room/turn-stream.ts'

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
  streams: number
  broken: number
  resumed: number
  /** Lines of the journal, and what streamed between them. */
  kept: number
  deltas: number
  /** Came a second time, and was left out. */
  repeated: number
  /** Numbers of the present attempt that have not come yet. */
  missing: readonly number[]
  attempt: number
  n: number
  /** The newest ones, ms, as far as the clocks are known. */
  delays: readonly number[]
  lastOutput?: unknown
  recent: readonly StreamReceipt[]
}>

const RECENT = 50
const DELAYS = 500
const MISSING = 1000

export const NO_RECEIPTS: TurnReceipts = {
  streams: 0,
  broken: 0,
  resumed: 0,
  kept: 0,
  deltas: 0,
  repeated: 0,
  missing: [],
  attempt: 0,
  n: 0,
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

/** `delay_ms`: since it was told, when both clocks are known. */
export function lineCame(state: TurnReceipts, key: string, line: TurnLine, delay_ms: number | undefined): TurnReceipts {
  const counted = { ...state, recent: state.recent.map((one) => (one.key === key ? { ...one, lines: one.lines + 1 } : one)) }
  if (!('seq' in line.event)) return withDelay({ ...counted, deltas: state.deltas + 1 }, line.snapshot ? undefined : delay_ms)
  const { attempt, n } = line
  if (attempt === state.attempt && state.missing.includes(n))
    return { ...counted, kept: state.kept + 1, missing: state.missing.filter((number) => number !== n) }
  if (attempt < state.attempt || (attempt === state.attempt && n <= state.n)) return { ...counted, repeated: state.repeated + 1 }
  const expected = attempt === state.attempt ? state.n + 1 : 1
  const absent = Array.from({ length: Math.min(n - expected, MISSING) }, (_, index) => expected + index)
  const kept: TurnReceipts = {
    ...counted,
    attempt,
    n,
    kept: state.kept + 1,
    missing: [...(attempt === state.attempt ? state.missing : []), ...absent],
    ...(line.event.type === 'output.done' ? { lastOutput: line.event.output } : {}),
  }
  return withDelay(kept, absent.length > 0 ? undefined : delay_ms)
}

const withDelay = (state: TurnReceipts, delay_ms: number | undefined): TurnReceipts =>
  delay_ms === undefined ? state : { ...state, delays: [...state.delays.slice(1 - DELAYS), Math.max(0, delay_ms)] }

/** Where to go on after a break: the last line before which nothing is missing. */
export const resumeFrom = ({ attempt, n, missing }: TurnReceipts): Readonly<{ attempt: number; n: number }> => ({
  attempt,
  n: missing.length > 0 ? Math.min(...missing) - 1 : n,
})

export const percentile = (values: readonly number[], share: number): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
