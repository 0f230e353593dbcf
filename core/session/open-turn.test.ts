import { expect, test } from 'vitest'
import { SessionId, TurnId } from '../contract/ids.ts'
import { isJournalEvent, type DeltaEvent, type JournalBody, type SessionEvent } from '../contract/session-events.ts'
import { applySessionEvent, emptySessionView, resetOpenTurn, type SessionView } from './session-view.ts'
import { createOpenTurn } from './open-turn.ts'

const turn_id = TurnId.parse('01900001-0000-7000-8000-000000000000')
const next_id = TurnId.parse('01900002-0000-7000-8000-000000000000')
const empty = emptySessionView(SessionId.parse('01900000-0000-7000-8000-000000000000'))

type Script = (JournalBody | (DeltaEvent extends infer Delta ? (Delta extends unknown ? Omit<Delta, 'at_ms'> : never) : never))[]

const script: Script = [
  { type: 'transcript.interim', text: 'Good mor' },
  { type: 'turn.started', turn_id, index: 0, source: 'voice', revision: 1 },
  { type: 'transcript.final', turn_id, text: 'Good morning' },
  { type: 'turn.times', turn_id, times: { t0: 1, t1: 2 } },
  { type: 'raw.delta', turn_id, text: '{"mood":' },
  { type: 'field.started', turn_id, field: 'mood' },
  { type: 'field.delta', turn_id, field: 'mood', text: '4' },
  { type: 'field.done', turn_id, field: 'mood', value: 4, problems: [] },
  { type: 'field.started', turn_id, field: 'system_response' },
  { type: 'raw.delta', turn_id, text: '4,"system_response":"Hel' },
  { type: 'field.delta', turn_id, field: 'system_response', text: 'Hel' },
  { type: 'turn.times', turn_id, times: { t3: 30 } },
  { type: 'speech.delta', turn_id, text: 'He' },
  { type: 'field.delta', turn_id, field: 'system_response', text: 'lo' },
  { type: 'field.done', turn_id, field: 'system_response', value: 'Hello', problems: [] },
  { type: 'output.done', turn_id, output: { mood: 4, system_response: 'Hello' }, raw: '{…}', parse: 'json', problems: [] },
  { type: 'speech.delta', turn_id, text: 'llo' },
  { type: 'transcript.interim', text: 'And' },
  { type: 'turn.committed', turn_id, spoken: 'Hello', interrupted: false, times: {}, metrics: {}, usage: {} },
  { type: 'turn.started', turn_id: next_id, index: 1, source: 'text', revision: 1 },
  { type: 'raw.delta', turn_id: next_id, text: '{' },
  { type: 'session.recovered', reason: 'killed', gap_ms: 5 },
]
const events = script.map((body, index): SessionEvent => {
  const at_ms = index
  return 'field' in body || 'turn_id' in body || 'reason' in body || 'text' in body
    ? ({ ...body, at_ms, ...(isDelta(body.type) ? {} : { attempt: 1, seq: index + 1, at: index }) } as SessionEvent)
    : (body as never)
})

function isDelta(type: SessionEvent['type']): boolean {
  return /delta|interim|times|field\.started/.test(type)
}

/** A finished field's text is its value. Of turns that are over only the journal counts. */
const shown = ({ interim, turns }: SessionView) => ({
  interim,
  turns: turns.map(({ fields, ...turn }) =>
    turn.state === 'lost'
      ? { turn_id: turn.turn_id, heard: turn.heard }
      : {
          ...turn,
          fields: fields.map(({ started_at_ms, text, ...field }) => ({
            ...field,
            ...(turn.state === 'open' && { started_at_ms }),
            ...(field.state === 'streaming' && { text }),
          })),
        },
  ),
})

test('at every moment, journal and snapshot show what the deltas have shown', () => {
  const openTurn = createOpenTurn()
  let live = empty
  let journaled = empty
  for (const event of events) {
    openTurn.apply(event)
    live = applySessionEvent(live, event)
    if (isJournalEvent(event)) journaled = applySessionEvent(journaled, event)
    const joined = openTurn.snapshot().reduce<SessionView>(applySessionEvent, journaled)
    const caughtUp = openTurn.snapshot().reduce<SessionView>(applySessionEvent, resetOpenTurn(live))
    expect(shown(joined), event.type).toEqual(shown(live))
    expect(shown(caughtUp), event.type).toEqual(shown(live))
  }
  expect(openTurn.snapshot()).toEqual([])
})
