import { expect, test } from 'vitest'
import { AgentId, SessionId, TurnId } from '../contract/ids.ts'
import type { JournalBody } from '../contract/session-events.ts'
import { historyOf, unfinishedToolsOf } from './history.ts'
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

const started = (turn_id: TurnId, index: number): JournalBody => ({
  type: 'turn.started',
  turn_id,
  index,
  source: 'voice',
  revision: 1,
})
const called = (turn_id: TurnId, call_id: string): JournalBody => ({
  type: 'tool.called',
  turn_id,
  call_id,
  tool: 'book',
  kind: 'http',
  arguments: { day: 'mon' },
  idempotency_key: `key-${call_id}`,
})
const done = (turn_id: TurnId, call_id: string, outcome: 'ok' | 'failed' | 'unknown'): JournalBody => ({
  type: 'tool.done',
  turn_id,
  call_id,
  tool: 'book',
  outcome,
  result: { [outcome]: true },
  duration_ms: 5,
})

test('tools stand with the reply they were called for; one that a crash took is unfinished until its outcome is told', () => {
  const before = [
    started(asked!, 0),
    { type: 'transcript.final', turn_id: asked!, text: 'Book it.' },
    called(asked!, 'a'),
    done(asked!, 'a', 'ok'),
    committed(asked!, 'Booked.'),
    started(lost!, 1),
    { type: 'transcript.final', turn_id: lost!, text: 'And again.' },
    called(lost!, 'b'),
    done(lost!, 'b', 'failed'),
    called(lost!, 'c'),
  ] satisfies JournalBody[]
  const recovered: JournalBody = { type: 'session.recovered', reason: 'killed by SIGKILL', gap_ms: 900 }
  const given = { tool: 'book', arguments: { day: 'mon' } }
  const view = viewOf([before, [recovered]])
  expect(historyOf(view)).toEqual([
    { role: 'user', text: 'Book it.' },
    { role: 'assistant', text: 'Booked.', tools: [{ call_id: 'a', ...given, result: { ok: true }, failed: false }] },
    { role: 'user', text: 'And again.' },
    { role: 'assistant', text: '', tools: [{ call_id: 'b', ...given, result: { failed: true }, failed: true }] },
  ])
  expect(unfinishedToolsOf(view)).toEqual([{ turn_id: lost, call_id: 'c', ...given, idempotency_key: 'key-c' }])
  expect(unfinishedToolsOf(viewOf([before, [recovered, done(lost!, 'c', 'unknown')]]))).toEqual([])
})

test('an agent that took over without the history knows what came after it alone', () => {
  const switched: JournalBody = { type: 'config.changed', revision: 3, agent_id: AgentId.parse('bob'), history: 'clear' }
  const view = viewOf([
    [started(asked!, 0), committed(asked!, 'I am Ada.'), switched, started(lost!, 1), committed(lost!, 'Bob.')],
  ])
  expect(historyOf(view)).toEqual([{ role: 'assistant', text: 'Bob.' }])
  expect(view).toMatchObject({ agent_id: 'bob', turns: [{}, {}] })
})

test('a call that said nothing has no history', () => {
  expect(historyOf(viewOf([]))).toEqual([])
})
