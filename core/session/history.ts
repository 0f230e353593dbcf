import { PastLine, PastTool, UnfinishedTool } from '../contract/runtime.ts'
import type { SessionView, TurnView } from './session-view.ts'
import type { ToolRunView } from './tool-run.ts'

/**
 * The conversation so far as a model may be told it: what the caller said, what the agent did, and of each reply what was really heard. A
 * turn that was lost with its process keeps its question and the tools that had an answer; its reply was never committed and is not
 * claimed. What another agent was not to know is not there.
 */
export const historyOf = (view: SessionView): PastLine[] => view.turns.slice(view.forgotten ?? 0).flatMap(linesOf)

/** Tool calls that had begun and whose result nobody knows, because their process died. */
export const unfinishedToolsOf = (view: SessionView): UnfinishedTool[] =>
  view.turns.flatMap(({ turn_id, state, tools = [] }) =>
    state === 'committed'
      ? []
      : tools
          .filter((run) => run.state !== 'done')
          .map(({ call_id, tool, arguments: given, idempotency_key }) =>
            UnfinishedTool.parse({
              turn_id,
              call_id,
              tool,
              arguments: given,
              ...(idempotency_key !== undefined && { idempotency_key }),
            }),
          ),
  )

function linesOf(turn: TurnView): PastLine[] {
  const lines: PastLine[] = []
  if (turn.heard) lines.push({ role: 'user', text: turn.heard })
  const tools = (turn.tools ?? []).flatMap(pastTool)
  const reply = turn.state === 'committed' && turn.spoken !== ''
  if (!reply && tools.length === 0) return lines
  const { spoken, output, interrupted } = turn
  lines.push(
    PastLine.parse({
      role: 'assistant',
      text: reply ? spoken : '',
      ...(reply && output && { output }),
      ...(reply && interrupted && { interrupted }),
      ...(tools.length > 0 && { tools }),
    }),
  )
  return lines
}

function pastTool({ call_id, tool, arguments: given, state, outcome, result, error }: ToolRunView): PastTool[] {
  if (state !== 'done') return []
  const failed = outcome !== 'ok' && outcome !== 'mocked'
  return [PastTool.parse({ call_id, tool, arguments: given, result: result ?? error?.message ?? null, failed })]
}
