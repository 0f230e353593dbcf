import type { JsonObject } from '../../../core/json.ts'
import type { SessionSpec } from '../../../core/contract/runtime.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'

/** What the end of a call is told with: nothing that an LLM would have to be asked for. */
export type Summary = Readonly<{
  tell: (events: readonly SessionEvent[]) => void
  /** `{ summary, output }`: how the call went in one sentence, and the last turn's output. */
  text: () => string
}>

/** What attempts before this one have told. */
export type EarlierCall = Pick<SessionSpec, 'turn_count' | 'history' | 'started_at'>

export function createSummary({ turn_count, history, started_at }: EarlierCall): Summary {
  let turns = turn_count
  let heard = history.filter(({ role }) => role === 'user').length
  let ended = 'stopped'
  let lasted_ms = 0
  let output: JsonObject | null = history.findLast((line) => line.output)?.output ?? null
  return {
    tell(events) {
      for (const event of events) {
        lasted_ms = Math.max(lasted_ms, started_at === undefined || !('at' in event) ? event.at_ms : event.at - started_at)
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
