import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AgentId } from '../../core/contract/ids.ts'
import { startHttpService, type HttpService } from '../../agent-runtime/tools/testing/http-service.ts'
import { bookingTool, orderTool } from '../../agent-runtime/tools/testing/shop-tools.ts'
import type { LocalModels } from '../runtime/local-model.ts'
import { document } from './testing/document.ts'
import { scope, startSessions } from './testing/start-sessions.ts'

const KEY = 'crm-canary-0123456789'
let service: HttpService
beforeAll(async () => {
  service = await startHttpService()
})
afterAll(() => service.close())

const booking = (more: object = {}) => bookingTool(service, more)
const order = (more: object = {}) => orderTool(service, more)
const head = (content: object) => ({
  revision: 1,
  content: JSON.parse(
    JSON.stringify({ ...document, llm_config: { provider: 'rehearsal', model: 'instant' }, ...content }),
  ) as typeof document,
  enabled: true,
})

/** A real session process, a real host, and another system that is asked over real HTTP. */
async function call(tools: readonly object[], options: Parameters<typeof startSessions>[0] = {}) {
  const studio = await startSessions({ real: true, ...options })
  studio.heads.set('ada', head({ tools }))
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  return { studio, page, session_id: session.session_id, say: (text: string) => studio.say(session.session_id, text) }
}

test('the secret of a tool comes from the store, goes to its server, and is in no event and no row', async () => {
  const { studio, page, session_id, say } = await call([order()], { secrets: { 'secret:crm': KEY } })
  await say('Where is my order A17?')
  expect((await page.journaled('turn.committed')).spoken).toBe('find order answered: order_id: A17, state: shipped.')
  expect(service.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}`)
  const { events } = await studio.sessions.journal(scope, session_id, { attempt: 0, seq: 0 }, 100)
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['tool.called', 'tool.done']))
  expect(JSON.stringify([events, page.messages])).not.toContain(KEY)
})

test('a secret that is not there is told when the tool is called; the call goes on', async () => {
  const { page, say } = await call([order()])
  await say('Where is my order A17?')
  expect(await page.journaled('tool.done')).toMatchObject({
    outcome: 'failed',
    error: { message: 'The secret "secret:crm" of the tool "find_order" is not on this machine' },
  })
  expect((await page.journaled('turn.committed')).spoken).toContain('find order did not work')
})

test('a process that dies between a call and its result: it is not done twice, and the LLM hears that nobody knows', async () => {
  const { studio, page, say } = await call([booking()])
  const came = service.next()
  const before = service.requests.length
  await say('Book table for 4.')
  await came
  // On disk before the other system was asked.
  const called = await page.journaled('tool.called')
  process.kill(studio.runtime.processes().find(({ kind }) => kind === 'session')?.pid ?? 0, 'SIGKILL')
  await page.journaled('session.recovered')
  expect(await page.journaled('tool.done')).toMatchObject({
    attempt: 2,
    outcome: 'unknown',
    call_id: called.call_id,
    turn_id: called.turn_id,
  })
  const spoken = await page.until(() =>
    page.journal().find((event) => event.type === 'turn.committed' && event.spoken.includes('book table')),
  )
  expect(spoken).toMatchObject({
    spoken: expect.stringContaining('book table did not work: error: The connection was lost') as string,
  })
  expect(service.requests).toHaveLength(before + 1)
})

test('one that may be repeated is, under the same key; what was done before the crash is known', async () => {
  const { studio, page, say } = await call([booking({ idempotent: true }), order({ headers: {}, secrets: {} })])
  const came = service.next()
  await say('Book table for 4 and find order A17.')
  await came
  const [first] = [await page.journaled('tool.done')]
  expect(first).toMatchObject({ tool: 'find_order', outcome: 'ok' })
  const booked = page.journal().find((event) => event.type === 'tool.called' && event.tool === 'book_table')
  const again = service.next()
  process.kill(studio.runtime.processes().find(({ kind }) => kind === 'session')?.pid ?? 0, 'SIGKILL')
  const { headers } = await again
  expect(booked).toMatchObject({ idempotency_key: headers['idempotency-key'] })
  service.release({ table: 12 })
  expect(await page.journaled('tool.done', 2)).toMatchObject({
    attempt: 2,
    tool: 'book_table',
    outcome: 'ok',
    result: { table: 12 },
  })
  const told = await page.until(() =>
    page.journal().find((event) => event.type === 'turn.committed' && event.spoken.includes('table: 12')),
  )
  expect(told).toMatchObject({ spoken: expect.stringContaining('find order answered: order_id: A17') as string })
})

test('a call is handed over to another agent, which knows what was said or does not; an unknown one is told', async () => {
  const to = (agent_id: string, history: string) => ({
    type: 'handoff',
    name: `to_${agent_id}`,
    description: 'Hands over.',
    agent_id,
    history,
  })
  const { studio, page, say } = await call([to('bob', 'keep'), to('nobody', 'keep')])
  studio.heads.set('bob', head({ agent_id: 'bob', name: 'Bob', prompt_config: { instructions: 'Sell.', greeting: 'Bob here.' } }))
  await say('Hand me to nobody.')
  expect(await page.journaled('tool.done')).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringContaining('"nobody"') as string },
  })
  await say('Then to bob, please.')
  expect(await page.journaled('config.changed')).toMatchObject({ agent_id: 'bob', history: 'keep' })
  expect(await page.journaled('tool.done', 2)).toMatchObject({ tool: 'to_bob', outcome: 'ok' })
  const opened = await page.until(() =>
    page.journal().find((event) => event.type === 'turn.started' && event.source === 'handoff'),
  )
  expect(opened).toBeDefined()
  expect(await page.journaled('turn.committed', 3)).toMatchObject({ interrupted: false })
})

test('the agent ends the call after its goodbye', async () => {
  const { page, say } = await call([{ type: 'end_call', name: 'hang_up' }])
  await say('Goodbye!')
  expect((await page.journaled('session.ended')).reason).toBe('agent_ended')
  expect((await page.journaled('turn.committed')).spoken).not.toBe('')
})

/** With real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(process.env['GREENROOM_TEST_MODELS'] === undefined)('with a real small LLM', () => {
  const local: LocalModels = {
    dir: process.env['GREENROOM_TEST_MODELS'] ?? '',
    models: [{ kind: 'llm', model_id: 'SmolLM2-135M-Instruct.Q4_1' }],
  }

  test('it calls the tool with what the caller said, and tells the result', async () => {
    const studio = await startSessions({ real: true, local })
    const prompt_config = { instructions: 'You answer questions about orders. Call the tool find_order.' }
    const tools = [order({ headers: {}, secrets: {} })]
    studio.heads.set('ada', head({ tools, prompt_config, llm_config: { provider: 'builtin', temperature: 0 } }))
    const { session } = await studio.start({ agent_id: AgentId.parse('ada') })
    const page = await studio.watch(session.session_id)
    await studio.say(session.session_id, 'Where is my order A17?')
    expect(await page.journaled('tool.done')).toMatchObject({ outcome: 'ok', result: { order_id: 'A17', state: 'shipped' } })
    expect((await page.journaled('turn.committed')).spoken).toContain('shipped')
  })
})
