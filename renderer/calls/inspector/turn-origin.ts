import type { JsonObject } from '../../../core/json.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'

/** From where a turn's times are counted, on the session's clock: end of speech, else the turn's start. */
export function turnOrigin(view: SessionView, turn: TurnView): number | undefined {
  if (turn.times.t0 !== undefined) return turn.times.t0
  return view.events.findLast((event) => event.type === 'turn.started' && event.turn_id === turn.turn_id)?.at_ms
}

/** The output of the nearest turn before that has one. */
export function previousOutput(view: SessionView, turn: TurnView): JsonObject | undefined {
  const position = view.turns.findIndex(({ turn_id }) => turn_id === turn.turn_id)
  return view.turns.slice(0, Math.max(0, position)).findLast(({ output }) => output !== undefined)?.output
}
