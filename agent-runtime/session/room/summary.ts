import type { JsonObject } from '../../../core/json.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'

/** What the end of a call is told with: nothing that an LLM would have to be asked for. */
export type Summary = Readonly<{
  tell: (events: readonly SessionEvent[]) => void
  /** `{ summary, output }`: how the call went in one sentence, and the last turn's output. */
  text: () => string
}>

/** `earlier_turns`: of attempts before this one. */
export function createSummary(earlier_turns: number): Summary {
  let turns = earlier_turns
  let heard = 0
  let ended = 'stopped'
  let lasted_ms = 0
  let output: JsonObject | null = null
  return {
    tell(events) {
      for (const event of events) {
        lasted_ms = Math.max(lasted_ms, event.at_ms)
        if (event.type === 'turn.committed') turns += 1
        if (event.type === 'transcript.final') heard += 1
        if (event.type === 'output.done') output = event.output
        if (event.type === 'session.ended') ended = event.reason
      }
    },
    text() {
      const seconds = Math.round(lasted_ms / 1000)
      const summary = `${turns} turns, ${heard} of them by the caller, in ${seconds} s; ended: ${ended}`
      return JSON.stringify({ summary, output })
    },
  }
}
