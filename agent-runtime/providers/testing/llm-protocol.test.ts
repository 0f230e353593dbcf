import Anthropic from '@anthropic-ai/sdk'
import { Behavior, GoogleGenAI, Modality, type LiveServerMessage } from '@google/genai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatProtocol } from './chat-protocol.ts'
import { geminiProtocol } from './gemini-protocol.ts'
import { messagesProtocol } from './messages-protocol.ts'
import { responsesProtocol } from './responses-protocol.ts'
import { geminiLiveDialect } from './gemini-live-dialect.ts'
import { startLlmServer, type LlmServer } from './llm-server.ts'
import { startRealtimeServer } from './realtime-server.ts'

/** Our servers are worth what the vendors' own libraries make of them. */
describe('the vendors’ own libraries understand the servers that our adapters are tested with', () => {
  const servers: LlmServer[] = []
  beforeAll(async () => {
    const protocols = [chatProtocol, responsesProtocol, messagesProtocol, geminiProtocol]
    servers.push(...(await Promise.all(protocols.map(startLlmServer))))
  })
  afterAll(() => Promise.all(servers.map((server) => server.close())))

  const [system, question] = ['RULE: Blue.', 'Why?']
  const answer = 'Blue. You said: Why?'
  const at = (index: number) => servers[index]?.url ?? ''

  test('OpenAI, chat completions', async () => {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${at(0)}/v1` })
    const runner = openai.chat.completions.stream({
      model: 'm',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: question },
      ],
      stream_options: { include_usage: true },
    })
    const { choices, usage } = await runner.finalChatCompletion()
    expect(choices[0]?.message.content).toBe(answer)
    expect(usage).toMatchObject({ prompt_tokens: 50, completion_tokens: 9, prompt_tokens_details: { cached_tokens: 20 } })
  })

  test('OpenAI, responses', async () => {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${at(1)}/v1` })
    const input = [{ role: 'user' as const, content: question }]
    const stream = await openai.responses.create({ model: 'm', instructions: system, input, stream: true, store: false })
    let text = ''
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') text += event.delta
      if (event.type === 'response.completed') expect(event.response.usage).toMatchObject({ input_tokens: 50, output_tokens: 9 })
    }
    expect(text).toBe(answer)
  })

  test('Anthropic, messages', async () => {
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: at(2) })
    const { content, usage } = await anthropic.messages
      .stream({
        model: 'm',
        max_tokens: 100,
        system: [{ type: 'text', text: system }],
        messages: [{ role: 'user', content: question }],
      })
      .finalMessage()
    expect(content[0]).toMatchObject({ type: 'text', text: answer })
    expect(usage).toMatchObject({ input_tokens: 25, cache_read_input_tokens: 20, output_tokens: 9 })
  })

  test('Google, generateContent', async () => {
    const google = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: at(3) } })
    const systemInstruction = { parts: [{ text: system }] }
    const contents = [{ role: 'user', parts: [{ text: question }] }]
    const stream = await google.models.generateContentStream({ model: 'm', contents, config: { systemInstruction } })
    let text = ''
    let total: number | undefined
    for await (const chunk of stream) {
      text += chunk.text ?? ''
      total = chunk.usageMetadata?.totalTokenCount ?? total
    }
    expect(text).toBe(answer)
    expect(total).toBe(59)
  })

  /** A call in words, and what each library makes of the answer to it. */
  const order = 'CALL find_order {"order_id": "A17"}\nCALL find_order {"order_id": "B2"}'
  const asked = [
    ['find_order', { order_id: 'A17' }],
    ['find_order', { order_id: 'B2' }],
  ]
  const parameters = { type: 'object' as const, properties: { order_id: { type: 'string' } } }
  const tool = { name: 'find_order', description: 'Finds one.' }

  test('OpenAI, calls of tools', async () => {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${at(0)}/v1` })
    const runner = openai.chat.completions.stream({
      model: 'm',
      messages: [{ role: 'user', content: order }],
      tools: [{ type: 'function', function: { ...tool, parameters } }],
    })
    const { choices } = await runner.finalChatCompletion()
    const calls = choices[0]?.message.tool_calls?.flatMap((call) => (call.type === 'function' ? [call.function] : []))
    expect(calls?.map(({ name, arguments: given }) => [name, JSON.parse(given) as unknown])).toEqual(asked)
    const responses = new OpenAI({ apiKey: 'k', baseURL: `${at(1)}/v1` }).responses.stream({
      model: 'm',
      instructions: system,
      input: [{ role: 'user', content: order }],
      tools: [{ type: 'function', ...tool, parameters, strict: true }],
      store: false,
    })
    const items: unknown[] = []
    for await (const event of responses) {
      if (event.type === 'response.output_item.done' && event.item.type === 'function_call')
        items.push([event.item.name, JSON.parse(event.item.arguments)])
    }
    expect(items).toEqual(asked)
  })

  test('Anthropic and Google, calls of tools', async () => {
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: at(2) })
    const { content, stop_reason } = await anthropic.messages
      .stream({
        model: 'm',
        max_tokens: 100,
        system: [{ type: 'text', text: system }],
        messages: [{ role: 'user', content: order }],
        tools: [{ ...tool, input_schema: parameters }],
      })
      .finalMessage()
    expect(stop_reason).toBe('tool_use')
    expect(content.flatMap((block) => (block.type === 'tool_use' ? [[block.name, block.input]] : []))).toEqual(asked)
    const google = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: at(3) } })
    const stream = await google.models.generateContentStream({
      model: 'm',
      contents: [{ role: 'user', parts: [{ text: order }] }],
      config: {
        systemInstruction: { parts: [{ text: system }] },
        tools: [{ functionDeclarations: [{ ...tool, parametersJsonSchema: parameters }] }],
      },
    })
    const calls: unknown[] = []
    for await (const chunk of stream) for (const call of chunk.functionCalls ?? []) calls.push([call.name, call.args])
    expect(calls).toEqual(asked)
  })

  test('Google, live', async () => {
    const server = await startRealtimeServer(geminiLiveDialect())
    const google = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: server.url } })
    let told = (_message: LiveServerMessage) => {}
    const called = new Promise<LiveServerMessage>((resolve) => (told = (message) => message.toolCall && resolve(message)))
    const parametersJsonSchema = { type: 'object', properties: { reply: { type: 'string' } } }
    const session = await google.live.connect({
      model: 'm',
      callbacks: { onmessage: (message) => told(message) },
      config: {
        responseModalities: [Modality.AUDIO],
        systemInstruction: { parts: [{ text: system }] },
        tools: [
          { functionDeclarations: [{ name: 'reply', description: 'It.', behavior: Behavior.BLOCKING, parametersJsonSchema }] },
        ],
        realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
        outputAudioTranscription: {},
      },
    })
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: question }] }], turnComplete: true })
    const { toolCall, usageMetadata } = await called
    expect(toolCall?.functionCalls?.[0]).toMatchObject({ name: 'reply', args: { reply: answer } })
    expect(usageMetadata?.totalTokenCount).toBe(59)
    session.close()
    await server.close()
  })
})
