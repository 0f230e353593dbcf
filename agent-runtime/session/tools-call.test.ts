import { afterAll, beforeAll, expect, test } from 'vitest'
import { AgentId, TurnId } from '../../core/contract/ids.ts'
import { startHttpService, type HttpService } from '../tools/testing/http-service.ts'
import { bookingTool, orderTool } from '../tools/testing/shop-tools.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type TestCall } from './testing/runtime-process.ts'

const KEY = 'crm-canary-0123456789'
let service: HttpService
let runtime: RuntimeProcess
beforeAll(async () => {
  service = await startHttpService()
  runtime = await startRuntime()
})
afterAll(async () => {
  await runtime.stop()
  await service.close()
})

const order = (more: object = {}) => orderTool(service, more)
const slow = (more: object = {}) => bookingTool(service, more)
const agent = (...tools: readonly object[]) => ({
  ...interviewAgent,
  prompt_config: { instructions: 'Help.', greeting: '' },
  tools,
})
const secrets = { 'secret:crm': KEY }
const committed = (call: TestCall, nth = 1) => call.event('turn.committed', () => true, nth)

test('a tool is called for the reply, which tells what it gave; the output is the last word, and the key is nowhere', async () => {
  const call = runtime.start(agent(order()), { secrets })
  call.say('Where is my order A17?')
  const turn = await committed(call)
  expect(turn.spoken).toBe('find order answered: order_id: A17, state: shipped.')
  const called = await call.event('tool.called')
  expect(called).toMatchObject({ tool: 'find_order', kind: 'http', arguments: { order_id: 'A17' }, turn_id: turn.turn_id })
  const done = await call.event('tool.done')
  expect(done).toMatchObject({
    outcome: 'ok',
    status: 200,
    result: { order_id: 'A17', state: 'shipped' },
    call_id: called.call_id,
  })
  expect(call.events.filter(({ type }) => type === 'output.done')).toHaveLength(1)
  expect((await call.event('output.done')).output).toMatchObject({ system_response: turn.spoken, stage: 'intro' })
  expect(turn.times.t3).toBeLessThanOrEqual(called.at_ms)
  expect(turn.times.t4).toBeGreaterThanOrEqual(done.at_ms)
  expect(turn.cost).toHaveLength(1)
  expect(service.requests.at(-1)?.headers).toMatchObject({
    authorization: `Bearer ${KEY}`,
    'idempotency-key': called.idempotency_key,
  })
  expect(JSON.stringify(call.messages)).not.toContain(KEY)
  await call.end()
})

test('several at the same time, one of which fails: the LLM gets both', async () => {
  const call = runtime.start(agent(order(), order({ name: 'find_bill', url: `${service.url}/status/500` })), { secrets })
  call.say('Please find order B2 and find bill B2.')
  expect((await committed(call)).spoken).toMatch(
    /find order answered: order_id: B2.* find bill did not work: error: The tool +find_bill +answered 500/,
  )
  expect((await call.event('tool.done', ({ tool }) => tool === 'find_bill')).outcome).toBe('failed')
  await call.end()
})

test('nothing is run before it is written down, and a filler is said while it takes long', async () => {
  const call = runtime.start(agent(slow({ filler: 'One moment, please.', filler_after_ms: 0 })), { holds_sync: true })
  const before = service.requests.length
  call.say('Book table for 4, please.')
  const { sync_id } = await call.message('sync')
  expect(call.events.some(({ type }) => type === 'tool.called')).toBe(true)
  expect(service.requests).toHaveLength(before)
  const came = service.next()
  call.send({ type: 'synced', session_id: call.session_id, sync_id })
  await came
  expect((await call.event('tool.filler')).text).toBe('One moment, please.')
  service.release({ table: 12 })
  const turn = await committed(call)
  expect(turn.spoken).toBe('One moment, please. book table answered: table: 12.')
  expect((await call.event('output.done')).output['system_response']).toBe('book table answered: table: 12.')
  await call.end()
})

test('whoever interrupts does not wait for a tool, and the next reply knows of it', async () => {
  const call = runtime.start(agent(slow()))
  const came = service.next()
  call.say('Book table now.')
  await came
  call.say('Stop, tell me a story.')
  expect((await call.event('tool.done')).outcome).toBe('cancelled')
  const [first, second] = [await committed(call), await committed(call, 2)]
  expect([first.interrupted, first.spoken]).toEqual([true, ''])
  expect(second.spoken).toContain('story')
  await call.end()
})

test('mock answers run nothing', async () => {
  const before = service.requests.length
  const call = runtime.start(agent(order({ mock: { state: 'lost' } })), { tools: 'mock', holds_sync: true })
  call.say('Find order C3.')
  expect((await committed(call)).spoken).toBe('find order answered: state: lost.')
  expect((await call.event('tool.done')).outcome).toBe('mocked')
  expect(service.requests).toHaveLength(before)
  await call.end()
})

test('the agent ends the call when it has said goodbye', async () => {
  const call = runtime.start(agent({ type: 'end_call', name: 'hang_up', description: '' }))
  call.say('Goodbye!')
  const ended = await call.message('ended')
  expect(ended.reason).toBe('agent_ended')
  expect((await committed(call)).spoken).toContain('hang up answered')
})

test('a handoff is asked of the host: refused, the LLM says so; done, the agent before says no more', async () => {
  const call = runtime.start(
    agent({ type: 'handoff', name: 'to_sales', description: 'Sells.', agent_id: 'bob', history: 'clear' }),
  )
  call.say('Go to sales.')
  expect(await call.message('handoff')).toMatchObject({ agent_id: 'bob', history: 'clear' })
  call.send({
    type: 'handoff.refused',
    session_id: call.session_id,
    agent_id: AgentId.parse('bob'),
    reason: 'there is no such agent',
  })
  expect((await committed(call)).spoken).toContain('to sales did not work')
  call.say('Go to sales again.')
  await call.event('tool.called', () => true, 2)
  const config = {
    agent_id: AgentId.parse('bob'),
    revision: 7,
    content: { ...interviewAgent, agent_id: 'bob' },
    secrets: {},
    engines: {},
    prices: [],
  }
  call.send({ type: 'configure', session_id: call.session_id, config: JSON.parse(JSON.stringify(config)) })
  const turn = await committed(call, 2)
  expect([turn.spoken, turn.interrupted]).toEqual(['', false])
  expect((await call.event('tool.done', () => true, 2)).outcome).toBe('ok')
  await call.end()
})

test('after a crash an unfinished call is unknown to the LLM, unless its tool may be repeated under the same key', async () => {
  const turn_id = TurnId.parse('0198d2a0-0000-7000-8000-000000000001')
  const unfinished = {
    turn_id,
    tool: 'book_table',
    arguments: { guests: 4 },
    call_id: 'abcdefghi',
    idempotency_key: 'key-of-before',
  }
  const past = {
    attempt: 2,
    turn_count: 1,
    history: [{ role: 'user' as const, text: 'Book table for 4.' }],
    unfinished_tools: [unfinished],
  }
  const before = service.requests.length
  const once = runtime.start(agent(slow()), past)
  expect((await committed(once)).spoken).toMatch(/^book table did not work: error: The connection was lost/)
  expect(await once.event('tool.done')).toMatchObject({ outcome: 'unknown', turn_id, call_id: 'abcdefghi' })
  expect(service.requests).toHaveLength(before)
  await once.end()
  const came = service.next()
  const again = runtime.start(agent(slow({ idempotent: true })), past)
  expect((await came).headers['idempotency-key']).toBe('key-of-before')
  service.release({ table: 3 })
  expect((await committed(again)).spoken).toBe('book table answered: table: 3.')
  expect(await again.event('tool.done')).toMatchObject({ outcome: 'ok', turn_id })
  await again.end()
})
