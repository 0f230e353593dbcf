import { expect, test } from 'vitest'
import { StudioError } from '../../../core/contract/studio-error.ts'
import { SessionId, TurnId, type JournalBody, type SessionEvent } from '../../../core/contract/index.ts'
import { applySessionEvent, emptySessionView } from '../../../core/session/session-view.ts'
import { microphoneProblem } from '../media/microphone-problem.ts'
import { callCards } from './call-cards.ts'

const session_id = SessionId.parse('01890000-0000-7000-8000-000000000001')
const viewOf = (...bodies: readonly JournalBody[]) =>
  bodies
    .map((body, index): SessionEvent => ({ attempt: 1, seq: index + 1, at: 1, at_ms: 1, ...body }))
    .reduce(applySessionEvent, emptySessionView(session_id))
const error = (message: string) => ({ code: 'provider_failed' as const, message, hint: 'Check the key.', problems: [] })
const audio = { by: 'socket', link: 'open', microphone: 'on', muted: false, blocked: false } as const

test('a failure that repeats is one card that names its source, its cause and the way out', () => {
  const failed: JournalBody = { type: 'session.error', source: 'llm', error: error('401 from the provider'), recoverable: true }
  expect(callCards(viewOf(failed, failed), audio, undefined)).toEqual([
    {
      id: 'error-llm-401 from the provider',
      tone: 'warn',
      title: 'Language model: 401 from the provider',
      text: 'Check the key. The call goes on.',
      actions: ['open_models'],
    },
  ])
})

test('a microphone that was denied is told once, with what to do, although the journal has it too', () => {
  const problem = microphoneProblem(new DOMException('', 'NotAllowedError'))
  const view = viewOf({ type: 'session.error', source: 'microphone', error: { ...error(problem.message) }, recoverable: true })
  const cards = callCards(view, { ...audio, microphone: 'failed', problem }, undefined)
  expect(cards).toHaveLength(1)
  expect(cards[0]).toMatchObject({ title: 'The microphone was not allowed', actions: ['retry_microphone', 'use_text'] })
})

test('what was refused comes first, then the connection, then the journal, newest first', () => {
  const view = viewOf(
    { type: 'notice', text: 'first', level: 'info' },
    { type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 800 },
  )
  const cards = callCards(view, { ...audio, link: 'reconnecting' }, new StudioError('conflict', 'Not saved', 'Save first.'))
  expect(cards.map(({ id }) => id)).toEqual(['failure-Not saved', 'link', 'recovered-1', 'notice-first'])
})

test('what the call got over is told for two turns; what it did not stays', () => {
  const turn_id = TurnId.parse('01890000-0000-7000-8000-000000000002')
  const committed: JournalBody = {
    type: 'turn.committed',
    turn_id,
    spoken: '',
    interrupted: false,
    times: {},
    metrics: {},
    usage: {},
  }
  const failed = (message: string, recoverable: boolean): JournalBody => ({
    type: 'session.error',
    source: 'tts',
    error: error(message),
    recoverable,
  })
  const titles = (...bodies: readonly JournalBody[]) => callCards(viewOf(...bodies), audio, undefined).map(({ title }) => title)
  expect(titles(failed('429', true), committed)).toEqual(['Text-to-speech: 429'])
  expect(titles(failed('429', true), failed('gone', false), committed, committed)).toEqual(['Text-to-speech: gone'])
})

test('a process that was replaced is one card, not also an error', () => {
  const died: JournalBody = { type: 'session.error', source: 'runtime', error: error('ended unexpectedly'), recoverable: true }
  const view = viewOf(died, { type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 800 })
  expect(callCards(view, audio, undefined)).toMatchObject([{ title: 'The session process ended and was replaced' }])
})

test('the built-in speech that is not here is told once, for hearing and speaking alike', () => {
  const substituted = (kind: 'stt' | 'tts', used: string): JournalBody => ({
    type: 'provider.substituted',
    kind,
    asked: 'builtin',
    used,
    reason: 'It is not here.',
    hint: 'Get it.',
  })
  const cards = callCards(viewOf(substituted('stt', 'rehearsal'), substituted('tts', 'espeak-ng')), audio, undefined)
  expect(cards.map(({ title }) => title)).toEqual(['Stand-ins hear and speak instead of the built-in speech'])
})

test('of the connection only the newest word counts, and a recovery after it makes it history', () => {
  const out: JournalBody = { type: 'room.connection', state: 'reconnecting' }
  const back: JournalBody = { type: 'room.connection', state: 'reconnected', gap_ms: 3000 }
  const titles = (...bodies: readonly JournalBody[]) => callCards(viewOf(...bodies), audio, undefined).map(({ title }) => title)
  expect(titles(out)).toEqual(['The agent lost the LiveKit server'])
  expect(titles(out, back)).toEqual(['The agent is connected again after 3.0 s'])
  expect(titles(out, { type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 800 })).toEqual([
    'The session process ended and was replaced',
  ])
})
