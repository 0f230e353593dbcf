import type { Json, JsonObject } from '../json.ts'
import type { ErrorBody } from '../contract/errors.ts'
import type { JournalBody, JournalEvent } from '../contract/session-events.ts'
import type { ToolKind } from '../tools/tool.ts'

/** One call of a tool within a turn. Times are on the session clock, ms. */
export type ToolRunView = Readonly<{
  call_id: string
  tool: string
  kind: ToolKind
  arguments: JsonObject
  idempotency_key?: string
  /** `lost`: its process died before the result came. */
  state: 'running' | 'done' | 'lost'
  outcome?: Extract<JournalBody, { type: 'tool.done' }>['outcome']
  result?: Json
  error?: ErrorBody
  /** Of an HTTP tool. */
  status?: number
  /** What was said while it ran. */
  filler?: string
  started_at_ms: number
  done_at_ms?: number
}>

type ToolEvent = JournalEvent & Extract<JournalBody, { type: 'tool.called' | 'tool.done' | 'tool.filler' }>

export function applyToolEvent(runs: readonly ToolRunView[], event: ToolEvent): readonly ToolRunView[] {
  switch (event.type) {
    case 'tool.called': {
      const { call_id, tool, kind, arguments: given, idempotency_key, at_ms } = event
      const keyed = idempotency_key === undefined ? {} : { idempotency_key }
      return [...runs, { call_id, tool, kind, arguments: given, ...keyed, state: 'running', started_at_ms: at_ms }]
    }
    case 'tool.filler':
      return change(runs, event.call_id, (run) => ({ ...run, filler: event.text }))
    case 'tool.done': {
      const { outcome, result, error, status, at_ms } = event
      return change(runs, event.call_id, (run) => ({
        ...run,
        state: 'done',
        outcome,
        done_at_ms: at_ms,
        ...(result !== undefined && { result }),
        ...(error && { error }),
        ...(status !== undefined && { status }),
      }))
    }
  }
}

export const loseTools = (runs: readonly ToolRunView[]): readonly ToolRunView[] =>
  runs.map((run) => (run.state === 'running' ? { ...run, state: 'lost' } : run))

const change = (runs: readonly ToolRunView[], call_id: string, to: (run: ToolRunView) => ToolRunView) =>
  runs.map((run) => (run.call_id === call_id ? to(run) : run))
