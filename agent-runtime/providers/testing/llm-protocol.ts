import type { IncomingHttpHeaders } from 'node:http'
import * as z from 'zod'
import type { Json } from '../../../core/json.ts'
import { ChatRequest } from './prompt-reader.ts'

/** One vendor's published protocol, as far as a streamed reply in words needs it. */
export type LlmProtocol = Readonly<{
  path: RegExp
  /** What the vendor would refuse: a field that it does not have, a missing one, a wrong header. */
  problem: (body: Json | undefined, headers: IncomingHttpHeaders) => string | undefined
  read: (body: Json | undefined) => ChatRequest
  /** Every answer is 9 tokens long and was read from 50, of which 20 came from the cache. */
  events: (text: string) => readonly string[]
}>

const pieces = (text: string): string[] => text.match(/[\s\S]{1,12}/g) ?? []
const data = (value: unknown) => `data: ${JSON.stringify(value)}`
const named = (event: Readonly<{ type: string; sequence_number?: number }>) => `event: ${event.type}\n${data(event)}`
const whyNot = (schema: z.ZodType, body: unknown) => schema.safeParse(body).error?.message

const message = (roles: readonly string[]) => z.strictObject({ role: z.enum(roles), content: z.string().min(1) })
const schema = z.record(z.string(), z.json())
const number = z.number().optional()

/** platform.openai.com/docs/api-reference/chat/create, with the fields that other vendors add to it. */
const ChatBody = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message(['system', 'user', 'assistant'])).min(1),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: number,
  max_completion_tokens: number,
  reasoning_effort: z.string().optional(),
  thinking: z.strictObject({ type: z.string() }).optional(),
  provider: z.strictObject({ require_parameters: z.boolean() }).optional(),
  response_format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('json_object') }),
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({ name: z.string(), strict: z.boolean(), schema }),
      }),
    ])
    .optional(),
})

export const chatProtocol: LlmProtocol = {
  path: /\/chat\/completions(\?.*)?$/,
  problem: (body) => whyNot(ChatBody, body),
  read: (body) => ChatRequest.parse(body),
  events: (text) => {
    const chunk = (rest: object) => data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', ...rest })
    const usage = { prompt_tokens: 50, completion_tokens: 9, total_tokens: 59, prompt_tokens_details: { cached_tokens: 20 } }
    return [
      chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
      ...pieces(text).map((content) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
      chunk({ choices: [], usage }),
      'data: [DONE]',
    ]
  },
}

/** platform.openai.com/docs/api-reference/responses/create and …/responses-streaming */
const ResponsesBody = z.strictObject({
  model: z.string().min(1),
  instructions: z.string(),
  input: z.array(message(['user', 'assistant'])).min(1),
  stream: z.literal(true),
  store: z.boolean(),
  temperature: number,
  max_output_tokens: number,
  reasoning: z.strictObject({ effort: z.string() }).optional(),
  text: z
    .strictObject({
      format: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('json_object') }),
        z.strictObject({ type: z.literal('json_schema'), name: z.string(), strict: z.boolean(), schema }),
      ]),
    })
    .optional(),
})

export const responsesProtocol: LlmProtocol = {
  path: /\/responses$/,
  problem: (body) => whyNot(ResponsesBody, body),
  read: (body) => {
    const { model, instructions, input, text } = ResponsesBody.parse(body)
    const format = text?.format.type === 'json_schema' ? text.format.schema : undefined
    return chatOf(model, instructions, input, format)
  },
  events: (text) => {
    const usage = { input_tokens: 50, input_tokens_details: { cached_tokens: 20 }, output_tokens: 9, total_tokens: 59 }
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const response = { id: 'resp_1', object: 'response', status: 'in_progress', output: [] }
    return [
      { type: 'response.created', response },
      ...pieces(text).map((delta) => ({ type: 'response.output_text.delta', ...place, delta })),
      { type: 'response.output_text.done', ...place, text },
      { type: 'response.completed', response: { ...response, status: 'completed', usage } },
    ].map((event, sequence_number) => named({ ...event, sequence_number }))
  },
}

/** platform.claude.com/docs/en/api/messages and …/build-with-claude/streaming; turns begin and end with the user. */
const MessagesBody = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  system: z.array(
    z.strictObject({
      type: z.literal('text'),
      text: z.string().min(1),
      cache_control: z.strictObject({ type: z.literal('ephemeral') }).optional(),
    }),
  ),
  messages: z
    .array(message(['user', 'assistant']))
    .min(1)
    .refine((turns) => turns[0]?.role === 'user' && turns.at(-1)?.role === 'user', 'the user speaks first and last'),
  stream: z.literal(true),
  temperature: z.number().min(0).max(1).optional(),
  thinking: z.strictObject({ type: z.enum(['disabled', 'adaptive', 'between_tools']) }).optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high']).optional(),
      format: z.strictObject({ type: z.literal('json_schema'), schema }).optional(),
    })
    .optional(),
})

/** platform.claude.com/docs/en/api/versioning: the newer one knows no temperature. */
const VERSIONS = ['2023-06-01', '2026-10-21']

export const messagesProtocol: LlmProtocol = {
  path: /^\/v1\/messages$/,
  problem: (body, headers) => {
    const version = String(headers['anthropic-version'])
    if (!VERSIONS.includes(version)) return 'anthropic-version: header is required'
    return whyNot(version === VERSIONS[0] ? MessagesBody : MessagesBody.omit({ temperature: true }), body)
  },
  read: (body) => {
    const { model, system, messages, output_config } = MessagesBody.parse(body)
    return chatOf(model, system.map(({ text }) => text).join('\n'), messages, output_config?.format?.schema)
  },
  events: (text) => {
    const usage = { input_tokens: 25, cache_creation_input_tokens: 5, cache_read_input_tokens: 20, output_tokens: 1 }
    const start = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage }
    return [
      { type: 'message_start', message: start },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...pieces(text).map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ].map(named)
  },
}

const Parts = z.strictObject({ parts: z.array(z.strictObject({ text: z.string().min(1) })).min(1) })
/** ai.google.dev/api/generate-content */
const GeminiBody = z.strictObject({
  systemInstruction: Parts,
  contents: z.array(z.strictObject({ role: z.enum(['user', 'model']), ...Parts.shape })).min(1),
  generationConfig: z.strictObject({
    temperature: number,
    maxOutputTokens: number,
    responseMimeType: z.literal('application/json').optional(),
    responseJsonSchema: schema.optional(),
    thinkingConfig: z.strictObject({ thinkingBudget: number, thinkingLevel: z.string().optional() }).optional(),
  }),
})

export const geminiProtocol: LlmProtocol = {
  path: /^\/v1beta\/models\/[^/]+:streamGenerateContent\?alt=sse$/,
  problem: (body) => whyNot(GeminiBody, body),
  read: (body) => {
    const { systemInstruction, contents, generationConfig } = GeminiBody.parse(body)
    const words = ({ parts }: z.infer<typeof Parts>) => parts.map(({ text }) => text).join('')
    const lines = contents.map(({ role, parts }) => ({ role: role === 'model' ? 'assistant' : role, content: words({ parts }) }))
    return chatOf('m', words(systemInstruction), lines, generationConfig.responseJsonSchema)
  },
  events: (text) => {
    const content = (...parts: readonly object[]) => ({ content: { role: 'model', parts }, index: 0 })
    const counts = { promptTokenCount: 50, cachedContentTokenCount: 20, candidatesTokenCount: 6, thoughtsTokenCount: 3 }
    return [
      { candidates: [content({ text: 'I should be brief.', thought: true })] },
      ...pieces(text).map((words) => ({ candidates: [content({ text: words })], usageMetadata: { promptTokenCount: 50 } })),
      { candidates: [{ ...content(), finishReason: 'STOP' }], usageMetadata: { ...counts, totalTokenCount: 59 } },
    ].map(data)
  },
}

const chatOf = (model: string, system: string, lines: readonly object[], format?: z.infer<typeof schema>): ChatRequest =>
  ChatRequest.parse({
    model,
    messages: [{ role: 'system', content: system }, ...lines],
    ...(format && { response_format: { type: 'json_schema', json_schema: { schema: format } } }),
  })
