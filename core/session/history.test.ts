import { expect, test } from 'vitest'
import { SessionId, TurnId } from '../contract/ids.ts'
import type { JournalBody } from '../contract/session-events.ts'
import { historyOf } from './history.ts'
import { applySessionEvent, emptySessionView } from './session-view.ts'

const [greeting, asked, lost] = [1, 2, 3].map((n) => TurnId.parse(`0190000${n}-0000-7000-8000-000000000000`))

const viewOf = (attempts: readonly (readonly JournalBody[])[]) =>
  attempts
    .flatMap((bodies, attempt) => bodies.map((body, seq) => ({ ...body, attempt: attempt + 1, seq: seq + 1, at: 0, at_ms: 0 })))
    .reduce(applySessionEvent, emptySessionView(SessionId.parse('01900000-0000-7000-8000-000000000000')))

const committed = (turn_id: TurnId, spoken: string, interrupted = false): JournalBody => ({
  type: 'turn.committed',
  turn_id,
  spoken,
  interrupted,
  times: {},
  metrics: {},
  usage: {},
})

test('what was said and really heard is kept; an answer that was never committed is not', () => {
  const view = viewOf([
    [
      { type: 'turn.started', turn_id: greeting!, index: 0, source: 'greeting', revision: 1 },
      committed(greeting!, 'Hello.'),
      { type: 'turn.started', turn_id: asked!, index: 1, source: 'voice', revision: 1 },
      { type: 'transcript.final', turn_id: asked!, text: 'Who are you?' },
      { type: 'output.done', turn_id: asked!, output: { score: 2 }, raw: '{"score":2}', parse: 'json', problems: [] },
      committed(asked!, 'I am', true),
      { type: 'turn.started', turn_id: lost!, index: 2, source: 'voice', revision: 1 },
      { type: 'transcript.final', turn_id: lost!, text: 'Go on.' },
      { type: 'output.done', turn_id: lost!, output: { score: 1 }, raw: '{"score":1}', parse: 'json', problems: [] },
    ],
    [{ type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 900 }],
  ])
  expect(historyOf(view)).toEqual([
    { role: 'assistant', text: 'Hello.' },
    { role: 'user', text: 'Who are you?' },
    { role: 'assistant', text: 'I am', output: { score: 2 }, interrupted: true },
    { role: 'user', text: 'Go on.' },
  ])
})

test('a call that said nothing has no history', () => {
  expect(historyOf(viewOf([]))).toEqual([])
})
