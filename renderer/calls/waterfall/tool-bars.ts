import type { TurnView } from '../../../core/session/session-view.ts'
import type { ToolRunView } from '../../../core/session/tool-run.ts'
import { runMs } from '../tools/run-words.ts'
import type { Waterfall } from './turn-waterfall.ts'

/** A run between the marks of a turn: where it lies within the silence, and how long it took in all. */
export type ToolBar = Readonly<{
  call_id: string
  tool: string
  /** Since the first moment, ms; within the whole. */
  from_ms: number
  /** The part of it that lies within the whole. */
  shown_ms: number
  /** All of it; absent while it runs, and when it was lost. */
  ms?: number
}>

/** Runs lie beneath the parts and never add to them: the LLM is asked before and after, so their time is in the parts already. */
export function toolBars({ tools = [], times }: Pick<TurnView, 'tools' | 'times'>, waterfall: Waterfall): readonly ToolBar[] {
  const first = times[waterfall.from]
  if (first === undefined) return []
  const within = (at: number) => Math.min(Math.max(at - first, 0), waterfall.total_ms)
  return tools.map((run) => {
    const from_ms = within(run.started_at_ms)
    const ms = runMs(run)
    return {
      call_id: run.call_id,
      tool: run.tool,
      from_ms,
      shown_ms: within(endOf(run, ms)) - from_ms,
      ...(ms === undefined ? {} : { ms }),
    }
  })
}

const endOf = (run: ToolRunView, ms: number | undefined): number =>
  ms !== undefined ? run.started_at_ms + ms : run.state === 'running' ? Infinity : run.started_at_ms
