import { initializeLogger, llm } from '@livekit/agents'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgentDocument } from '../../../core/agent/document.ts'
import type { JsonObject } from '../../../core/json.ts'
import { toolSpecs } from '../../../core/tools/tool-spec.ts'
import { readModel } from '../../session/read-model.ts'
import { newCallId } from '../../tools/tool-desk.ts'
import { roundItems, type ToolCall } from '../../tools/tool-round.ts'
import { createCallerAudio } from '../caller-audio.ts'
import { llmCases } from '../testing/llm-cases.ts'
import { agentFor, modelFor, systemOf, type LlmCase } from '../testing/llm-contract.ts'
import { chatAtOnceProtocol } from '../testing/chat-protocol.ts'
import { heardConversation } from './heard-conversation.ts'
import { openaiRealtimeDialect } from '../testing/openai-realtime-dialect.ts'
import { startRealtimeServer } from '../testing/realtime-server.ts'
import { startLlmServer, type LlmServer } from '../testing/llm-server.ts'

initializeLogger({ pretty: false, level: 'silent' })

const TOOLS = [
  {
    type: 'http',
    name: 'find_order',
    description: 'Looks an order up.',
    url: 'https://shop.example/{{ arguments.order_id }}',
    parameters: [{ field_name: 'order_id', field_type: 'str', description: 'Such as A17.' }],
  },
  { type: 'end_call', name: 'hang_up', description: 'Ends it.' },
  { type: 'mcp', name: 'of_a_later_version' },
]
const PARAMETERS = {
  type: 'object',
  properties: { order_id: { type: 'string', description: 'Such as A17.' } },
  required: ['order_id'],
  additionalProperties: false,
}

/** Where each protocol has its tools, and what comes back in the second request, as their vendors publish it. */
const SHAPES: Readonly<Record<string, (body: JsonObject) => unknown>> = {
  chat: ({ tools }) => Object(tools).map(({ function: { name, parameters } }: never) => [name, parameters]),
  responses: ({ tools }) => Object(tools).map(({ name, parameters }: never) => [name, parameters]),
  messages: ({ tools }) => Object(tools).map(({ name, input_schema }: never) => [name, input_schema]),
  gemini: ({ tools }) =>
    Object(tools)[0].functionDeclarations.map(({ name, parametersJsonSchema }: never) => [name, parametersJsonSchema]),
}
const shapeOf = (path: string) =>
  path.includes('/chat/')
    ? 'chat'
    : path.includes('/responses')
      ? 'responses'
      : path.includes('/messages')
        ? 'messages'
        : 'gemini'

async function ask(document: AgentDocument, items: readonly llm.ChatItem[]) {
  const model = await modelFor(document)
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: systemOf(document) })
  chatCtx.items.push(...items)
  let text = ''
  const calls: ToolCall[] = []
  for await (const piece of readModel(model, chatCtx, new AbortController().signal, 0)) {
    text += piece.text ?? ''
    if (piece.call) calls.push({ call_id: newCallId(), name: piece.call.name, text: piece.call.args, source: piece.call })
  }
  return { text, calls }
}

const said = (content: string) => llm.ChatMessage.create({ role: 'user', content })
const RESULTS: readonly { result: JsonObject | string; failed: boolean }[] = [
  { result: { state: 'shipped' }, failed: false },
  { result: 'it did not work', failed: true },
]
const round = (calls: readonly ToolCall[], text = '') =>
  roundItems({
    calls,
    text,
    results: calls.map(({ call_id, name }, index) => ({
      call_id,
      tool: name,
      arguments: {},
      result: RESULTS[index]?.result === undefined ? null : JSON.parse(JSON.stringify(RESULTS[index].result)),
      failed: RESULTS[index]?.failed ?? false,
    })),
  })

const cases = Object.entries(llmCases).flatMap(([provider, list]) =>
  list.map((one: LlmCase) => [`${provider} ${one.path} ${one.config.model}`, provider, one] as const),
)

describe.each(cases)('%s', (_name, provider, one) => {
  let server: LlmServer
  beforeAll(async () => {
    server = await startLlmServer(one.protocol)
  })
  afterAll(() => server.close())

  const agent = (more: Readonly<Record<string, unknown>> = {}) =>
    agentFor({ provider, base_url: `${server.url}${one.base_path}`, api_key: 'env:TEST_KEY', ...one.config, ...more }, TOOLS)
  const question = said('CALL find_order {"order_id": "A17 – \\"quoted\\""}\nCALL hang_up {}')

  test('tools are told as the vendor publishes it; calls come whole, several at a time, and their results go back', async () => {
    const first = await ask(agent(), [question])
    expect(first.calls.map(({ name, text }) => [name, JSON.parse(text) as unknown])).toEqual([
      ['find_order', { order_id: 'A17 – "quoted"' }],
      ['hang_up', {}],
    ])
    const body = Object(server.requests.at(-1)?.body)
    const nothing = { type: 'object', properties: {}, required: [], additionalProperties: false }
    expect(SHAPES[shapeOf(one.path)]?.(body)).toEqual([
      ['find_order', PARAMETERS],
      ['hang_up', nothing],
    ])
    const second = await ask(agent(), [question, ...round(first.calls, 'One moment.')])
    expect(second.calls).toEqual([])
    expect(second.text).toContain('The tools gave: ')
    expect(second.text).toContain('shipped')
    expect(second.text).toContain('it did not work')
  })

  test('rounds follow each other, and earlier turns keep their tools', async () => {
    const { calls } = await ask(agent(), [question])
    const again = await ask(agent(), [
      question,
      ...round(calls),
      ...round(calls.map((call) => ({ ...call, call_id: newCallId() }))),
    ])
    expect(again.text).toContain('The tools gave: ')
    const later = [
      question,
      ...round(calls),
      llm.ChatMessage.create({ role: 'assistant', content: 'It is shipped.' }),
      said('Thanks.'),
    ]
    expect((await ask(agent(), later)).text).toContain('You said: Thanks.')
  })

  test('a model that is told in words gets none by its protocol', async () => {
    const { text } = await ask(agent({ structured_output: 'prompt' }), [said('Hello.')])
    expect(text).toContain('You said: Hello.')
    const { tools, ...rest } = Object(server.requests.at(-1)?.body)
    expect(tools).toBeUndefined()
    expect(JSON.stringify(rest)).toContain('tool_call')
  })
})

test('a server that writes all calls at once, under one index, loses none', async () => {
  const server = await startLlmServer(chatAtOnceProtocol)
  const agent = agentFor({ provider: 'ollama', base_url: `${server.url}/v1`, model: 'qwen3:4b' }, TOOLS)
  const lines = ['A1', 'B2', 'C3'].map((id) => `CALL find_order {"order_id": "${id}"}`)
  const { calls } = await ask(agent, [said(lines.join('\n'))])
  expect(calls.map(({ text }) => text)).toEqual(['A1', 'B2', 'C3'].map((id) => `{"order_id": "${id}"}`))
  expect((await ask(agent, [said('Hello.')])).text).toContain('You said: Hello.')
  await server.close()
})

test('arguments that are broken come as they are, and go back as none', async () => {
  const one = llmCases.openai[0]
  const server = await startLlmServer(one.protocol)
  const agent = agentFor(
    { provider: 'openai', base_url: `${server.url}${one.base_path}`, api_key: 'env:TEST_KEY', ...one.config },
    TOOLS,
  )
  const question = said('CALL find_order {"order_id": ')
  const { calls } = await ask(agent, [question])
  expect(calls[0]?.text).toBe('{"order_id": ')
  expect((await ask(agent, [question, ...round(calls)])).text).toContain('The tools gave: ')
  expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('"arguments":"{}"')
  await server.close()
})

test('what was heard stays sound while tools are called for it', () => {
  const callerAudio = createCallerAudio()
  callerAudio.want()
  callerAudio.keep('Hello.', [new Int16Array(1600)])
  const chatCtx = llm.ChatContext.empty()
  const { id } = chatCtx.addMessage({ role: 'user', content: 'Hello.' })
  callerAudio.assign(id, 'Hello.')
  const source = llm.FunctionCall.create({ callId: '', name: 'hang_up', args: '{}' })
  chatCtx.items.push(...round([{ call_id: newCallId(), name: 'hang_up', text: '{}', source }]))
  const { lines, sounds, called } = heardConversation(chatCtx, callerAudio)
  expect([lines, sounds.length, called.map(({ role }) => role)]).toEqual([[], 1, ['assistant', 'user']])
})

test('OpenAI realtime calls them on its line', async () => {
  const server = await startRealtimeServer(openaiRealtimeDialect())
  const config = {
    provider: 'openai-realtime',
    model: 'gpt-realtime-2.1-mini',
    base_url: `${server.url}/v1`,
    api_key: 'env:TEST_KEY',
  }
  const question = said('CALL find_order {"order_id": "A17"}')
  const { calls } = await ask(agentFor(config, TOOLS), [question])
  expect(calls.map(({ name, text }) => [name, text])).toEqual([['find_order', '{"order_id": "A17"}']])
  expect((await ask(agentFor(config, TOOLS), [question, ...round(calls)])).text).toMatch(/The tools gave: .*shipped/)
  await server.close()
})

test('Gemini Live says that it calls none', async () => {
  const told: string[] = []
  const document = agentFor({ provider: 'gemini-live', api_key: 'env:TEST_KEY' }, TOOLS)
  const model = await modelFor(document, undefined, (text) => told.push(text))
  model.close?.()
  expect(told.join()).toContain('does not call the tools')
})

test('the tools of a document are told alike everywhere', () => {
  const names = toolSpecs(agentFor({ provider: 'openai' }, TOOLS).tools).map(({ name }) => name)
  expect(names).toEqual(['find_order', 'hang_up'])
})
