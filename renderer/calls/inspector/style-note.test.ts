import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { AgentId, Revision, SessionId, TurnId, type JournalBody, type SessionEvent } from '../../../core/contract/index.ts'
import { applySessionEvent, emptySessionView } from '../../../core/session/session-view.ts'
import { styleNote } from './style-note.ts'

const turn_id = TurnId.parse('01890000-0000-7000-8000-000000000002')
const steers = { field_type: 'str', metadata: { use_in_tts: true } }
const schema_config = {
  fields: [
    { field_name: 'voice_instructions', field_type: 'str' },
    { field_name: 'mood', ...steers },
    { field_name: 'system_response', field_type: 'str' },
    { field_name: 'tone', ...steers },
  ],
}
const revision = Revision.parse(1)
const started = (modality: 'voice' | 'text'): JournalBody => ({
  type: 'session.started',
  agent_id: AgentId.parse('ada'),
  revision,
  modality,
  providers: { stt: 's', llm: 'l', tts: 't' },
})
const noteOf = (tts_config: Record<string, unknown>, ...bodies: readonly JournalBody[]) =>
  noteOn('voice_instructions', tts_config, ...bodies)
const noteOn = (field: string, tts_config: Record<string, unknown>, ...bodies: readonly JournalBody[]) => {
  const turn: JournalBody = { type: 'turn.started', turn_id, index: 1, source: 'voice', revision }
  const view = [...bodies, turn]
    .map((body, index): SessionEvent => ({ attempt: 1, seq: index + 1, at: 1, at_ms: 1, ...body }))
    .reduce(applySessionEvent, emptySessionView(SessionId.parse('01890000-0000-7000-8000-000000000001')))
  const document = AgentDocument.parse({
    agent_id: 'ada',
    name: 'Ada',
    prompt_config: { instructions: 'Be kind.' },
    schema_config,
    tts_config,
  })
  const [first] = view.turns
  return first && styleNote(view, first, document, field, { voice_instructions: 'calm and slow', mood: 'glad', tone: 'warm' })
}

test('the inspector says what became of the voice style', () => {
  expect(noteOf({ provider: 'openai-compatible', model: 'gpt-4o-mini-tts' }, started('voice'))).toMatch(/sent to .* as it stands/)
  expect(noteOf({ provider: 'espeak-ng' }, started('voice'))).toBe(
    'eSpeak NG takes no voice style: this has no effect on the sound',
  )
  expect(noteOf({ provider: 'cartesia' }, started('voice'))).toMatch(/^sent to Cartesia as /)
})

test('of a voice that was replaced, the one that spoke counts; by text nobody spoke', () => {
  const replaced: JournalBody = {
    type: 'provider.substituted',
    kind: 'tts',
    asked: 'openai-compatible',
    used: 'espeak-ng',
    reason: '',
    hint: '',
  }
  expect(noteOf({ provider: 'openai-compatible' }, started('voice'), replaced)).toContain('eSpeak NG takes no voice style')
  expect(noteOf({ provider: 'espeak-ng' }, started('text'))).toBeUndefined()
})

test('each field that steers the voice has its note, and one behind the speech says that it comes late', () => {
  expect(noteOn('mood', { provider: 'openai-compatible', model: 'gpt-4o-mini-tts' }, started('voice'))).toMatch(/as it stands/)
  expect(noteOn('tone', { provider: 'espeak-ng' }, started('voice'))).toBe(
    'written after the spoken field: steers the next reply',
  )
})
