import { expect, test } from 'vitest'
import { questionDone, readAgentTurn, rpcDone, withNewest, withQuestion, type RpcCall, type ToolQuestion } from './rpc-log.ts'

const question = (id: string, state: ToolQuestion['state'] = 'open'): ToolQuestion => ({
  id,
  method: 'lookup',
  tool: 'lookup',
  payload: '{}',
  asked_at: 1,
  deadline: 2,
  suggested: '{}',
  state,
})

test('an answer comes to its question once', () => {
  const asked = withQuestion(withQuestion([], question('a')), question('b'))
  const answered = questionDone(asked, 'a', 'answered', '{"x":1}')
  expect(answered[0]).toMatchObject({ state: 'answered', answer: '{"x":1}' })
  expect(questionDone(answered, 'a', 'late')[0]?.state).toBe('answered')
  expect(answered[1]?.state).toBe('open')
})

test('settled questions make room, open ones never do', () => {
  const many = Array.from({ length: 30 }, (_, index) => question(`${index}`, index === 0 ? 'open' : 'answered'))
  const next = withQuestion(many, question('new'))
  expect(next[0]?.id).toBe('0')
  expect(next.length).toBe(22)
})

test('the console keeps the newest calls and what came of them', () => {
  const sent = withNewest<RpcCall>([], { id: 1, to: 'agent', method: 'm', payload: '', at: 1, state: 'waiting' })
  expect(rpcDone(sent, 1, { state: 'failed', text: 'no', code: 1400, took_ms: 3 })[0]).toMatchObject({
    state: 'failed',
    code: 1400,
  })
})

test('agent.turn is read as far as it is one', () => {
  expect(readAgentTurn('{"turn_id":"t","spoken":"Hi","interrupted":true,"output":{"a":1}}', 7)).toEqual({
    at: 7,
    turn_id: 't',
    spoken: 'Hi',
    interrupted: true,
    output: { a: 1 },
  })
  expect(readAgentTurn('nonsense', 7)).toBeUndefined()
})
