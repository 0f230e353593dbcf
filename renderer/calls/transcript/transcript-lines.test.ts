import { expect, test } from 'vitest'
import type { SessionEvent } from '../../../core/contract/index.ts'
import { SessionId, TurnId } from '../../../core/contract/index.ts'
import { applySessionEvent, emptySessionView } from '../../../core/session/session-view.ts'
import { transcriptLines, unspoken } from './transcript-lines.ts'

const session_id = SessionId.parse('01890000-0000-7000-8000-000000000001')
const turn_id = TurnId.parse('01890000-0000-7000-8000-000000000002')
const at = (seq: number, at_ms: number) => ({ attempt: 1, seq, at: 1_000_000 + at_ms, at_ms })
const read = (events: readonly SessionEvent[], greeting?: string) =>
  transcriptLines(events.reduce(applySessionEvent, emptySessionView(session_id)), () => ({
    field: 'system_response',
    ...(greeting === undefined ? {} : { greeting }),
  }))

const heard: readonly SessionEvent[] = [
  { ...at(1, 100), type: 'user.state', state: 'speaking' },
  { ...at(2, 3200), type: 'turn.started', turn_id, index: 1, source: 'voice', revision: 4 },
  { ...at(3, 3200), type: 'transcript.final', turn_id, text: 'I worked three years as a nurse.' },
]

test('while the agent speaks, what is still to come follows what was heard', () => {
  const lines = read([
    ...heard,
    { at_ms: 3400, type: 'field.delta', turn_id, field: 'system_response', text: 'Three years. Your form says two.' },
    { at_ms: 3500, type: 'speech.delta', turn_id, text: 'Three years.' },
    { at_ms: 3600, type: 'transcript.interim', text: 'Sorry' },
  ])
  expect(lines).toMatchObject([
    { who: 'caller', text: 'I worked three years as a nurse.', interim: false },
    { who: 'agent', spoken: 'Three years.', rest: ' Your form says two.', state: 'speaking' },
    { who: 'caller', text: 'Sorry', interim: true },
  ])
})

test('an interrupted reply shows what was spoken and what was cut, and when', () => {
  const lines = read([
    ...heard,
    {
      ...at(4, 3900),
      type: 'output.done',
      turn_id,
      output: { system_response: 'Three years. Your form says two.' },
      raw: '',
      parse: 'json',
      problems: [],
    },
    {
      ...at(5, 5800),
      type: 'turn.committed',
      turn_id,
      spoken: 'Three years. Your form',
      interrupted: true,
      times: { t0: 3000, t6: 4000 },
      metrics: {},
      usage: {},
    },
  ])
  expect(lines).toMatchObject([
    { who: 'caller', took_ms: 2900 },
    { who: 'agent', spoken: 'Three years. Your form', rest: ' says two.', state: 'cut', cut_after_ms: 1800 },
  ])
})

test('spaces that the voice changed do not hide what was spoken', () => {
  expect(unspoken('One.  Two.\nThree.', 'One. Two.')).toBe('\nThree.')
  expect(unspoken('abc', '')).toBe('abc')
  expect(unspoken('', 'abc')).toBe('')
})

test('a greeting that was interrupted shows what of it was not heard', () => {
  const lines = read(
    [
      { ...at(1, 0), type: 'turn.started', turn_id, index: 0, source: 'greeting', revision: 4 },
      {
        ...at(2, 1500),
        type: 'turn.committed',
        turn_id,
        spoken: 'Good morning,',
        interrupted: true,
        times: { t6: 300 },
        metrics: {},
        usage: {},
      },
    ],
    'Good morning, please take a seat.',
  )
  expect(lines).toMatchObject([{ who: 'agent', spoken: 'Good morning,', rest: ' please take a seat.', state: 'cut' }])
})

test('a tool is a line of its own between question and answer, with what was said meanwhile', () => {
  const called = { turn_id, call_id: 'c1', tool: 'look_up_order' }
  const begun: readonly SessionEvent[] = [
    ...heard,
    { ...at(4, 3400), ...called, type: 'tool.called', kind: 'http', arguments: { order_id: '4711' } },
    { ...at(5, 3600), ...called, type: 'tool.filler', text: 'One moment.' },
  ]
  expect(read(begun)).toMatchObject([
    { who: 'caller' },
    { who: 'agent', spoken: 'One moment.', state: 'said' },
    { who: 'studio', text: 'look up order 4711 · running', tool: 'running' },
  ])
  const done: SessionEvent = { ...at(6, 3720), ...called, type: 'tool.done', outcome: 'ok', duration_ms: 320, result: {} }
  expect(read([...begun, done])).toMatchObject([{}, {}, { text: 'look up order 4711 · 320 ms', tool: 'over' }])
})

test('a sentence said while a tool ran stands before the reply, and hides nothing of it', () => {
  const called = { turn_id, call_id: 'c1', tool: 'look_up_order' }
  const lines = read([
    ...heard,
    { ...at(4, 3400), ...called, type: 'tool.called', kind: 'http', arguments: {} },
    { ...at(5, 3600), ...called, type: 'tool.filler', text: 'One moment.' },
    { at_ms: 3700, type: 'speech.delta', turn_id, text: 'One moment. It is' },
    { at_ms: 3700, type: 'field.delta', turn_id, field: 'system_response', text: 'It is on its way.' },
  ])
  expect(lines).toMatchObject([
    { who: 'caller' },
    { who: 'studio', tool: 'running' },
    { who: 'agent', spoken: 'One moment. It is', rest: ' on its way.' },
  ])
})
