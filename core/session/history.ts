import { PastLine } from '../contract/runtime.ts'
import type { SessionView, TurnView } from './session-view.ts'

/**
 * The conversation so far as a model may be told it: what the caller said, and of each reply what was really heard. A turn that was
 * lost with its process keeps its question; its answer was never committed and is not claimed.
 */
export const historyOf = (view: SessionView): PastLine[] => view.turns.flatMap(linesOf)

function linesOf(turn: TurnView): PastLine[] {
  const lines: PastLine[] = []
  if (turn.heard) lines.push({ role: 'user', text: turn.heard })
  if (turn.state === 'committed' && turn.spoken) {
    const { spoken, output, interrupted } = turn
    lines.push(
      PastLine.parse({ role: 'assistant', text: spoken, ...(output && { output }), ...(interrupted && { interrupted }) }),
    )
  }
  return lines
}
