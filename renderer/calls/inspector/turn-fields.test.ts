import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { SessionId, TurnId, type SessionEvent } from '../../../core/contract/index.ts'
import { applySessionEvent, emptySessionView, type TurnView } from '../../../core/session/session-view.ts'
import { turnFields, validity } from './turn-fields.ts'

const turn_id = TurnId.parse('01890000-0000-7000-8000-000000000002')
const at = (seq: number, at_ms: number) => ({ attempt: 1, seq, at: 1, at_ms })
const document = AgentDocument.parse({
  agent_id: 'ada',
  name: 'Ada',
  prompt_config: { instructions: 'Be kind.' },
  schema_config: {
    fields: [
      { field_name: 'score', field_type: 'int', constraints: { le: 10 }, metadata: { use_in_tts: true } },
      { field_name: 'voice_instructions', field_type: 'str' },
      { field_name: 'system_response', field_type: 'str' },
      { field_name: 'flags', field_type: 'list[str]', metadata: { hidden: true } },
    ],
  },
})
const started: SessionEvent = { ...at(1, 1000), type: 'turn.started', turn_id, index: 1, source: 'text', revision: 3 }
const turnAfter = (...events: readonly SessionEvent[]): TurnView => {
  const view = [started, ...events].reduce(
    applySessionEvent,
    emptySessionView(SessionId.parse('01890000-0000-7000-8000-000000000001')),
  )
  const turn = view.turns[0]
  if (!turn) throw new Error('no turn')
  return turn
}
const tooHigh = { path: '/score', message: 'must be at most 10' }

test('fields are written, streaming or waited for, with roles, times since end of speech and what they were before', () => {
  const turn = turnAfter(
    { at_ms: 1190, type: 'field.started', turn_id, field: 'score' },
    { ...at(2, 1200), type: 'field.done', turn_id, field: 'score', value: 12, problems: [tooHigh] },
    { at_ms: 1300, type: 'field.delta', turn_id, field: 'surprise', text: 'he' },
  )
  expect(turnFields(turn, document, { score: 7 }, 1000)).toMatchObject([
    { name: 'score', roles: ['style'], state: 'done', value: 12, before: 7, problems: [tooHigh], started_ms: 190, done_ms: 200 },
    { name: 'surprise', state: 'streaming', text: 'he', unknown: true },
    { name: 'voice_instructions', state: 'waiting', roles: ['style'] },
    { name: 'system_response', state: 'waiting', roles: ['spoken'] },
    { name: 'flags', state: 'waiting', roles: ['hidden'] },
  ])
  expect(validity(turn)).toEqual({ tone: 'bad', label: '1 field invalid' })
})

test('a complete turn is judged by its output; what was never written is missing', () => {
  const problems = [{ path: '/flags', message: '"flags" is missing' }]
  const turn = turnAfter(
    { ...at(2, 1200), type: 'field.done', turn_id, field: 'score', value: 5, problems: [] },
    { ...at(3, 1300), type: 'output.done', turn_id, output: { score: 5 }, raw: '{"score":5}', parse: 'truncated', problems },
  )
  const fields = turnFields(turn, document, { score: 5 }, 1000)
  expect(fields[0]).not.toHaveProperty('before')
  expect(fields.find(({ name }) => name === 'flags')).toMatchObject({ state: 'missing', problems })
  expect(validity(turn).tone).toBe('bad')
})

test('a reply that was interrupted before its first character is not the model’s mistake', () => {
  const turn = turnAfter(
    {
      ...at(2, 1200),
      type: 'output.done',
      turn_id,
      output: {},
      raw: '',
      parse: 'plain',
      problems: [{ path: '/score', message: 'missing' }],
    },
    { ...at(3, 1210), type: 'turn.committed', turn_id, spoken: '', interrupted: true, times: {}, metrics: {}, usage: {} },
  )
  expect(validity(turn)).toEqual({ tone: 'plain', label: 'cut before it began' })
  expect(turnFields(turn, document, undefined, 1000).every(({ problems }) => problems.length === 0)).toBe(true)
})
