import type { DeltaEvent, SessionEvent, TurnTimes } from '../contract/session-events.ts'
import type { TurnId } from '../contract/ids.ts'

type Field = { started_at_ms: number; text: string; done: boolean }
type Turn = {
  fields: Map<string, Field>
  raw: string
  spoken: string
  times: TurnTimes
  /** `output.done` has told the raw text for good. */
  complete: boolean
}

/** What only deltas have told about turns that are not committed: enough to tell it again to who comes later or was too slow. */
export type OpenTurn = Readonly<{ apply: (event: SessionEvent) => void; snapshot: () => DeltaEvent[] }>

/** Texts are joined, so that a snapshot has one delta a field however many there were. */
export function createOpenTurn(): OpenTurn {
  const turns = new Map<TurnId, Turn>()
  let interim = ''
  let at_ms = 0

  const turnOf = (turn_id: TurnId): Turn => {
    const turn = turns.get(turn_id) ?? { fields: new Map(), raw: '', spoken: '', times: {}, complete: false }
    turns.set(turn_id, turn)
    return turn
  }
  const fieldOf = (turn_id: TurnId, name: string, started_at_ms: number): Field => {
    const { fields } = turnOf(turn_id)
    const field = fields.get(name) ?? { started_at_ms, text: '', done: false }
    fields.set(name, field)
    return field
  }
  const forget = () => {
    turns.clear()
    interim = ''
  }

  function apply(event: SessionEvent): void {
    at_ms = event.at_ms
    switch (event.type) {
      case 'transcript.interim':
        interim = event.text
        return
      case 'transcript.final':
        interim = ''
        return
      case 'turn.started':
        turnOf(event.turn_id)
        return
      case 'field.started':
        fieldOf(event.turn_id, event.field, event.at_ms)
        return
      case 'field.delta':
        fieldOf(event.turn_id, event.field, event.at_ms).text += event.text
        return
      case 'field.done':
        fieldOf(event.turn_id, event.field, event.at_ms).done = true
        return
      case 'raw.delta':
        turnOf(event.turn_id).raw += event.text
        return
      case 'output.done':
        turnOf(event.turn_id).complete = true
        return
      case 'speech.delta':
        turnOf(event.turn_id).spoken += event.text
        return
      case 'turn.times': {
        const turn = turnOf(event.turn_id)
        turn.times = { ...turn.times, ...event.times }
        return
      }
      case 'turn.committed':
        turns.delete(event.turn_id)
        return
      case 'session.recovered':
      case 'session.ended':
        forget()
        return
      case 'session.started':
      case 'session.routed':
      case 'session.error':
      case 'room.joined':
      case 'room.connection':
      case 'participant':
      case 'dtmf':
      case 'tool.called':
      case 'tool.done':
      case 'tool.filler':
      case 'config.changed':
      case 'provider.substituted':
      case 'provider.fallback':
      case 'agent.state':
      case 'user.state':
      case 'eot.prediction':
      case 'notice':
        return
    }
  }

  const snapshotOf = ([turn_id, turn]: [TurnId, Turn]): DeltaEvent[] => [
    ...[...turn.fields].flatMap(([field, { started_at_ms, text, done }]): DeltaEvent[] => [
      { type: 'field.started', at_ms: started_at_ms, turn_id, field },
      // A finished field's value is in the journal.
      ...(done || text === '' ? [] : [{ type: 'field.delta' as const, at_ms, turn_id, field, text }]),
    ]),
    ...(turn.complete || turn.raw === '' ? [] : [{ type: 'raw.delta' as const, at_ms, turn_id, text: turn.raw }]),
    ...(turn.spoken === '' ? [] : [{ type: 'speech.delta' as const, at_ms, turn_id, text: turn.spoken }]),
    ...(Object.keys(turn.times).length === 0 ? [] : [{ type: 'turn.times' as const, at_ms, turn_id, times: turn.times }]),
  ]

  return {
    apply,
    snapshot: () => [
      ...[...turns].flatMap(snapshotOf),
      ...(interim === '' ? [] : [{ type: 'transcript.interim' as const, at_ms, text: interim }]),
    ],
  }
}
