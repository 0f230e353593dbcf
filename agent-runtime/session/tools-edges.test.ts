import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { llmCases } from '../providers/testing/llm-cases.ts'
import { KEY, SECRET } from '../providers/testing/llm-contract.ts'
import { chatProtocol } from '../providers/testing/chat-protocol.ts'
import type { LlmProtocol } from '../providers/testing/llm-protocol.ts'
import { startLlmServer } from '../providers/testing/llm-server.ts'
import { startHttpService, type HttpService } from '../tools/testing/http-service.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type SpecPart } from './testing/runtime-process.ts'
import { openTestPage, rms } from './testing/test-page.ts'

let service: HttpService
let runtime: RuntimeProcess
beforeAll(async () => {
  ;[service, runtime] = await Promise.all([startHttpService(), startRuntime()])
})
afterAll(async () => {
  await runtime.stop()
  await service.close()
})

const order = () => ({
  type: 'http',
  name: 'find_order',
  description: 'Looks an order up.',
  method: 'GET',
  url: `${service.url}/orders/{{ arguments.order_id }}`,
  parameters: [{ field_name: 'order_id', field_type: 'str' }],
})
const secrets = { 'env:TEST_KEY': KEY, 'env:TEST_SECRET': SECRET }

/** A call whose LLM is behind one protocol, and what was asked of it. */
async function callWith(
  protocol: LlmProtocol,
  llm: object,
  { tools = [order()], ...part }: Omit<SpecPart, 'tools'> & { tools?: object[] } = {},
) {
  const server = await startLlmServer(protocol)
  onTestFinished(() => server.close())
  const base_url = `${server.url}${'base_path' in llm ? String(llm.base_path) : '/v1'}`
  const llm_config = { api_key: 'env:TEST_KEY', temperature: 0, ...llm, base_url }
  const prompt_config = { instructions: 'RULE: Blue it is.', greeting: '' }
  const call = runtime.start({ ...interviewAgent, prompt_config, llm_config, tools }, { secrets, ...part })
  onTestFinished(() => call.end())
  return { call, server, committed: (nth = 1) => call.event('turn.committed', () => true, nth) }
}
const own = { provider: 'openai-compatible', model: 'any-model' }

const PROTOCOLS = [
  ['openai', llmCases.openai[2]],
  ['anthropic', llmCases.anthropic[1]],
  ['google', llmCases.google[1]],
  ['ollama', llmCases.ollama[0]],
  ['livekit-inference', llmCases['livekit-inference'][0]],
] as const

test.each(PROTOCOLS)(
  'a whole call with %s: it calls, is told, and answers; what both rounds took is counted',
  async (provider, one) => {
    if (!one) throw new Error(`there is no case for ${provider}`)
    const { call, committed } = await callWith(one.protocol, { provider, base_path: one.base_path, ...one.config })
    call.say('CALL find_order {"order_id": "A17"}')
    const turn = await committed()
    expect(turn.spoken).toMatch(/^Blue it is. The tools gave: .*A17.*shipped/)
    expect(turn.usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 18, cached_tokens: 40 })
    expect((await call.event('output.done')).output).toMatchObject({ stage: 'intro', topics: [] })
    call.say('And why?')
    expect((await committed(2)).spoken).toBe('Blue it is. You said: And why?')
  },
)

describe('what models do wrong', () => {
  test('broken arguments, and a tool that there is not, are told to the LLM and not run', async () => {
    const { call, committed } = await callWith(chatProtocol, own)
    const before = service.requests.length
    call.say('CALL find_order {"order_id": \nCALL fly_away {}')
    expect((await committed()).spoken).toMatch(/no JSON object.* and .*There is no tool \\"fly_away\\": there are find_order/)
    expect(await call.event('tool.done')).toMatchObject({ outcome: 'failed', tool: 'find_order' })
    expect(service.requests).toHaveLength(before)
  })

  test('one that calls for ever is stopped, and the caller hears that there is no answer', async () => {
    const always: LlmProtocol = {
      ...chatProtocol,
      read: (body) => {
        const request = chatProtocol.read(body)
        return { ...request, messages: request.messages.filter(({ role }) => role === 'user') }
      },
    }
    const { call, committed } = await callWith(always, own)
    call.say('CALL find_order {"order_id": "A17"}')
    expect((await committed()).spoken).toContain('Sorry')
    expect((await call.event('session.error')).error.message).toContain('more than 8 times')
    expect(call.events.filter(({ type }) => type === 'tool.done')).toHaveLength(8)
  })
})

test('one that answers and calls at the same time: what it said is heard, and its output is that of the last round', async () => {
  const eager: LlmProtocol = {
    ...chatProtocol,
    calls: (calls, request) => [
      ...chatProtocol.events('{"stage": "intro", "system_response": "I look it up."}').slice(0, -3),
      ...chatProtocol.calls(calls, request).slice(1),
    ],
  }
  const hang_up = { type: 'end_call', name: 'hang_up' }
  const { call, committed } = await callWith(eager, own, { tools: [order(), hang_up] })
  call.say('CALL find_order {"order_id": "A17"}')
  expect((await committed()).spoken).toMatch(/^I look it up. Blue it is. The tools gave: .*shipped/)
  expect((await call.event('output.done')).output['system_response']).toMatch(/^Blue it is/)
  expect(call.events.filter(({ type }) => type === 'output.done')).toHaveLength(1)
  call.say('CALL hang_up {}')
  expect((await committed(2)).spoken).toBe('I look it up.')
  expect((await call.message('ended')).reason).toBe('agent_ended')
  expect(call.events.filter(({ type }) => type === 'output.done')).toHaveLength(2)
})

/** A model that knows nothing of tools but what its prompt says. */
const inWords: LlmProtocol = {
  ...chatProtocol,
  read: (body) => {
    const request = chatProtocol.read(body)
    const messages = request.messages.map((one) =>
      one.content?.startsWith('Result of the tool') ? { ...one, role: 'tool' } : one,
    )
    return { ...request, messages, tools: [{}] }
  },
  calls: ([call]) =>
    chatProtocol.events(`{"tool_call": {"name": "${call?.name ?? ''}", "arguments": ${call?.arguments ?? '{}'}}}`),
}

test('a model without function calling writes its call in the place of its reply', async () => {
  const { call, committed, server } = await callWith(inWords, { ...own, structured_output: 'prompt' })
  call.say('CALL find_order {"order_id": "A17"}')
  const { spoken } = await committed()
  expect(spoken).toMatch(/The tools gave: Result of the tool find_order: .*shipped/)
  expect(call.events.some((event) => event.type === 'raw.delta' && event.text.includes('tool_call'))).toBe(false)
  call.say('Thanks.')
  await committed(2)
  expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('Result of the tool find_order')
})

test('when the LLM fails after its call, the next one answers from the same results', async () => {
  const refusing: LlmProtocol = {
    ...chatProtocol,
    problem: (body, headers) => (JSON.stringify(body).includes('"tool"') ? 'no more' : chatProtocol.problem(body, headers)),
  }
  const other = await startLlmServer(llmCases.anthropic[0].protocol)
  onTestFinished(() => other.close())
  const fallbacks = [{ provider: 'anthropic', model: 'claude-haiku-4-5', base_url: `${other.url}/v1`, api_key: 'env:TEST_KEY' }]
  const { call, committed } = await callWith(refusing, { ...own, fallbacks })
  call.say('CALL find_order {"order_id": "A17"}')
  expect((await committed()).spoken).toMatch(/The tools gave: .*shipped/)
  expect(await call.event('provider.fallback')).toMatchObject({ to: expect.stringContaining('Anthropic') as string })
  expect(call.events.filter(({ type }) => type === 'tool.done')).toHaveLength(1)
})

describe('by voice', () => {
  let espeak: StartedEngine
  beforeAll(async () => {
    espeak = await startEngine('espeak', await newAddress())
  })
  afterAll(() => void espeak.child.kill())

  test('a filler is heard while a tool is slow, before the answer that it is no part of', async () => {
    const slow = { ...order(), url: `${service.url}/wait`, filler: 'Let me look that up.', filler_after_ms: 0 }
    const part = { tools: [slow], modality: 'voice' as const, engines: { espeak: espeak.address } }
    const { call, committed } = await callWith(chatProtocol, own, part)
    await call.message('started')
    const page = await openTestPage(call.media_url)
    const came = service.next()
    call.say('CALL find_order {"order_id": "A17"}')
    await came
    await call.event('speech.delta', ({ text }) => text.includes('look'))
    expect(rms(page.audio())).toBeGreaterThan(100)
    service.release({ state: 'lost' })
    const turn = await committed()
    expect(turn.spoken).toMatch(/^Let me look that up\. Blue it is\. The tools gave: \{"state":"lost"\}/)
    expect((await call.event('output.done')).output['system_response']).toMatch(/^Blue it is/)
    const { t3 = 0, t4 = 0, t5 = 0, clamped = [] } = turn.times
    expect([t3 <= t4, t4 <= t5, clamped.includes('t4')]).toEqual([true, true, false])
    await page.close()
  })
})
