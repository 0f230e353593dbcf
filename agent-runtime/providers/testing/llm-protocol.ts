import type { IncomingHttpHeaders } from 'node:http'
import * as z from 'zod'
import { parseJson, type Json } from '../../../core/json.ts'
import { ChatRequest, type AskedCall } from './prompt-reader.ts'

/** One vendor's published protocol, as far as a streamed reply in words needs it. */
export type LlmProtocol = Readonly<{
  path: RegExp
  /** What the vendor would refuse: a field that it does not have, a missing one, a wrong header. */
  problem: (body: Json | undefined, headers: IncomingHttpHeaders) => string | undefined
  read: (body: Json | undefined) => ChatRequest
  /** Every answer is 9 tokens long and was read from 50, of which 20 came from the cache. */
  events: (text: string) => readonly string[]
  /** The same for an answer that calls tools, their arguments in pieces where they come so. */
  calls: (calls: readonly AskedCall[], request: ChatRequest) => readonly string[]
}>

const pieces = (text: string): string[] => text.match(/[\s\S]{1,12}/g) ?? []
const data = (value: unknown) => `data: ${JSON.stringify(value)}`
const named = (event: Readonly<{ type: string; sequence_number?: number }>) => `event: ${event.type}\n${data(event)}`
const whyNot = (schema: z.ZodType, body: unknown) => schema.safeParse(body).error?.message

const schema = z.record(z.string(), z.json())
const number = z.number().optional()
const message = (roles: readonly string[]) => z.strictObject({ role: z.enum(roles), content: z.string().min(1) })

const text = z.string().min(1)
/** What a model signs its thoughts with. */
const SIGNATURE = 'sig-of-thoughts'
/** A call has to be answered by a message of its own, and each such message answers one. */
const ToolCalls = z.strictObject({
  role: z.literal('assistant'),
  content: z.string().optional(),
  tool_calls: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-zA-Z0-9]{9}$/),
        type: z.literal('function'),
        function: z.strictObject({ name: text, arguments: text }),
      }),
    )
    .min(1),
})
const ToolMessage = z.strictObject({ role: z.literal('tool'), tool_call_id: text, content: text })
const ChatMessage = z.union([message(['system', 'user', 'assistant']), ToolCalls, ToolMessage])

function answered(messages: readonly z.infer<typeof ChatMessage>[]): boolean {
  const asked = messages.flatMap((one) => ('tool_calls' in one ? one.tool_calls.map(({ id }) => id) : []))
  return asked.join() === messages.flatMap((one) => ('tool_call_id' in one ? [one.tool_call_id] : [])).join()
}

/** platform.openai.com/docs/api-reference/chat/create, with the fields that other vendors add to it. */
const ChatBody = z.strictObject({
  model: z.string().min(1),
  messages: z
    .array(ChatMessage)
    .min(1)
    .refine(answered, 'an assistant message with tool_calls must be followed by tool messages'),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({ name: text, description: text, parameters: schema, strict: z.literal(true).optional() }),
      }),
    )
    .optional(),
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

const chunk = (rest: object) => data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', ...rest })
const chatEnd = (finish_reason: string): readonly string[] => {
  const usage = { prompt_tokens: 50, completion_tokens: 9, total_tokens: 59, prompt_tokens_details: { cached_tokens: 20 } }
  return [chunk({ choices: [{ index: 0, delta: {}, finish_reason }] }), chunk({ choices: [], usage }), 'data: [DONE]']
}

export const chatProtocol: LlmProtocol = {
  path: /\/chat\/completions(\?.*)?$/,
  problem: (body) => whyNot(ChatBody, body),
  read: (body) => ChatRequest.parse(body),
  events: (text) => [
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
    ...pieces(text).map((content) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
    ...chatEnd('stop'),
  ],
  calls: (calls) => {
    const told = (delta: object) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] })
    return [
      told({ role: 'assistant', content: null }),
      ...calls.flatMap(({ name, arguments: given }, index) => [
        told({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] }),
        ...pieces(given).map((piece) => told({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
      ...chatEnd('tool_calls'),
    ]
  },
}

/** As many servers that speak it write calls (docs.ollama.com/capabilities/tool-calling, docs.mistral.ai/capabilities/function_calling): all at once. */
export const chatAtOnceProtocol: LlmProtocol = {
  ...chatProtocol,
  calls: (calls) => {
    const tool_calls = calls.map(({ name, arguments: given }, place) => ({
      index: 0,
      id: `call_${place}`,
      type: 'function',
      function: { name, arguments: given },
    }))
    const delta = { role: 'assistant', content: '', tool_calls }
    return [chunk({ choices: [{ index: 0, delta, finish_reason: 'tool_calls' }] }), ...chatEnd('tool_calls').slice(1)]
  },
}

/** platform.openai.com/docs/api-reference/responses/create and …/responses-streaming */
const ResponsesBody = z.strictObject({
  model: z.string().min(1),
  instructions: z.string(),
  input: z
    .array(
      z.union([
        message(['user', 'assistant']),
        z.strictObject({ type: z.literal('function_call'), call_id: text, name: text, arguments: text }),
        z.strictObject({ type: z.literal('function_call_output'), call_id: text, output: text }),
      ]),
    )
    .min(1),
  tools: z
    .array(
      z.strictObject({ type: z.literal('function'), name: text, description: text, parameters: schema, strict: z.boolean() }),
    )
    .optional(),
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
    const { model, instructions, input, text, tools } = ResponsesBody.parse(body)
    const format = text?.format.type === 'json_schema' ? text.format.schema : undefined
    const lines = input.flatMap((one) => ('role' in one ? [one] : 'output' in one ? [{ role: 'tool', content: one.output }] : []))
    return chatOf(model, instructions, lines, format, tools)
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
  calls: (calls) => {
    const usage = { input_tokens: 50, input_tokens_details: { cached_tokens: 20 }, output_tokens: 9, total_tokens: 59 }
    const response = { id: 'resp_1', object: 'response', status: 'in_progress', output: [] }
    const one = ({ name, arguments: given }: AskedCall, output_index: number) => {
      const item = { type: 'function_call', id: `fc_${output_index}`, call_id: `call_${output_index}`, name }
      const place = { item_id: item.id, output_index }
      return [
        { type: 'response.output_item.added', output_index, item: { ...item, arguments: '', status: 'in_progress' } },
        ...pieces(given).map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta })),
        { type: 'response.function_call_arguments.done', ...place, name, arguments: given },
        { type: 'response.output_item.done', output_index, item: { ...item, arguments: given, status: 'completed' } },
      ]
    }
    return [
      { type: 'response.created', response },
      ...calls.flatMap(one),
      { type: 'response.completed', response: { ...response, status: 'completed', usage } },
    ].map((event, sequence_number) => named({ ...event, sequence_number }))
  },
}

/** platform.claude.com/docs/en/agents-and-tools/tool-use: results stand first, and a model that thinks wants its thoughts back. */
const CallingTurn = z.strictObject({
  role: z.literal('assistant'),
  content: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.literal(SIGNATURE) }),
      z.strictObject({ type: z.literal('text'), text }),
      z.strictObject({ type: z.literal('tool_use'), id: text, name: text, input: schema }),
    ]),
  ),
})
const ResultTurn = z.strictObject({
  role: z.literal('user'),
  content: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('tool_result'), tool_use_id: text, content: text, is_error: z.boolean().optional() }),
      z.strictObject({ type: z.literal('text'), text }),
    ]),
  ),
})
type Turns = readonly Readonly<{ role: string; content: unknown }>[]
const blocksOf = (turn: Turns[number] | undefined) =>
  z
    .array(z.looseObject({ type: z.string() }))
    .catch([])
    .parse(turn?.content)

function resultsFollow(turns: Turns): boolean {
  return turns.every((turn, index) => {
    const asked = blocksOf(turn).flatMap((block) => (block.type === 'tool_use' ? [block['id']] : []))
    const given = blocksOf(turns[index + 1]).flatMap((block) => (block.type === 'tool_result' ? [block['tool_use_id']] : []))
    return asked.length === 0 || asked.join() === given.join()
  })
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
    .array(z.union([message(['user', 'assistant']), CallingTurn, ResultTurn]))
    .min(1)
    .refine(resultsFollow, 'tool_use ids were found without tool_result blocks immediately after')
    .refine((turns) => turns[0]?.role === 'user' && turns.at(-1)?.role === 'user', 'the user speaks first and last'),
  stream: z.literal(true),
  temperature: z.number().min(0).max(1).optional(),
  tools: z.array(z.strictObject({ name: text, description: text, input_schema: schema })).optional(),
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

function thoughtsMissing({ thinking, messages }: z.infer<typeof MessagesBody>): string | undefined {
  const asked = blocksOf(messages.at(-1))[0]?.type === 'tool_result' && thinking?.type === 'between_tools'
  return asked && blocksOf(messages.at(-2))[0]?.type !== 'thinking' ? 'Expected `thinking`, but found `tool_use`' : undefined
}

const START_USAGE = { input_tokens: 25, cache_creation_input_tokens: 5, cache_read_input_tokens: 20, output_tokens: 1 }
const START = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage: START_USAGE }

export const messagesProtocol: LlmProtocol = {
  path: /^\/v1\/messages$/,
  problem: (body, headers) => {
    const version = String(headers['anthropic-version'])
    if (!VERSIONS.includes(version)) return 'anthropic-version: header is required'
    const problem = whyNot(version === VERSIONS[0] ? MessagesBody : MessagesBody.omit({ temperature: true }), body)
    return problem ?? thoughtsMissing(MessagesBody.parse(body))
  },
  read: (body) => {
    const { model, system, messages, output_config, tools } = MessagesBody.parse(body)
    const lines = messages.flatMap(({ role, content }) =>
      typeof content === 'string'
        ? [{ role, content }]
        : content.flatMap((block) =>
            block.type === 'tool_result'
              ? [{ role: 'tool', content: block.content }]
              : block.type === 'text'
                ? [{ role, content: block.text }]
                : [],
          ),
    )
    return chatOf(model, system.map(({ text }) => text).join('\n'), lines, output_config?.format?.schema, tools)
  },
  events: (text) =>
    [
      { type: 'message_start', message: START },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...pieces(text).map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ].map(named),
  calls: (calls) => {
    const thought = { type: 'thinking_delta', thinking: 'It asks for an order.' }
    return [
      { type: 'message_start', message: START },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      { type: 'content_block_delta', index: 0, delta: thought },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: SIGNATURE } },
      { type: 'content_block_stop', index: 0 },
      ...calls.flatMap(({ name, arguments: given }, place) => {
        const index = place + 1
        return [
          { type: 'content_block_start', index, content_block: { type: 'tool_use', id: `toolu_${index}`, name, input: {} } },
          ...['', ...pieces(given)].map((partial_json) => ({
            type: 'content_block_delta',
            index,
            delta: { type: 'input_json_delta', partial_json },
          })),
          { type: 'content_block_stop', index },
        ]
      }),
      { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 9 } },
      { type: 'message_stop' },
    ].map(named)
  },
}

const Texts = z.strictObject({ parts: z.array(z.strictObject({ text })).min(1) })
/** ai.google.dev/gemini-api/docs/function-calling and …/thought-signatures */
const Part = z.union([
  z.strictObject({ text }),
  z.strictObject({
    functionCall: z.strictObject({ id: text.optional(), name: text, args: schema }),
    thoughtSignature: z.literal(SIGNATURE).optional(),
  }),
  z.strictObject({
    functionResponse: z.strictObject({
      id: text.optional(),
      name: text,
      response: z.union([z.strictObject({ output: z.json() }), z.strictObject({ error: z.json() })]),
    }),
  }),
])
/** ai.google.dev/api/generate-content */
const GeminiBody = z.strictObject({
  systemInstruction: Texts,
  contents: z.array(z.strictObject({ role: z.enum(['user', 'model']), parts: z.array(Part).min(1) })).min(1),
  tools: z
    .tuple([
      z.strictObject({
        functionDeclarations: z.array(z.strictObject({ name: text, description: text, parametersJsonSchema: schema })).min(1),
      }),
    ])
    .optional(),
  generationConfig: z.strictObject({
    temperature: number,
    maxOutputTokens: number,
    responseMimeType: z.literal('application/json').optional(),
    responseJsonSchema: schema.optional(),
    thinkingConfig: z.strictObject({ thinkingBudget: number, thinkingLevel: z.string().optional() }).optional(),
  }),
})
type Contents = z.infer<typeof GeminiBody>['contents']

/** The first call of the present turn has to come back with its signature, and every call with its response. */
function unanswered(contents: Contents): string | undefined {
  const last = contents.at(-1)?.parts.filter((part) => 'functionResponse' in part) ?? []
  const before = contents.at(-2)?.parts.filter((part) => 'functionCall' in part) ?? []
  if (last.length === 0) return undefined
  if (last.length !== before.length) return 'the number of function response parts is not that of the function call parts'
  return before[0]?.thoughtSignature ? undefined : 'Function call is missing a thought_signature'
}

export const geminiProtocol: LlmProtocol = {
  path: /^\/v1beta\/models\/[^/]+:streamGenerateContent\?alt=sse$/,
  problem: (body) => whyNot(GeminiBody, body) ?? unanswered(GeminiBody.parse(body).contents),
  read: (body) => {
    const { systemInstruction, contents, generationConfig, tools } = GeminiBody.parse(body)
    const lines = contents.flatMap(({ role, parts }) =>
      parts.flatMap((part) => {
        if ('functionResponse' in part)
          return [{ role: 'tool', content: JSON.stringify(Object.values(part.functionResponse.response)[0]) }]
        return 'text' in part ? [{ role: role === 'model' ? 'assistant' : role, content: part.text }] : []
      }),
    )
    const system = systemInstruction.parts.map(({ text }) => text).join('')
    return chatOf('m', system, lines, generationConfig.responseJsonSchema, tools?.[0].functionDeclarations)
  },
  events: (text) =>
    [
      { candidates: [content({ text: 'I should be brief.', thought: true })] },
      ...pieces(text).map((words) => ({ candidates: [content({ text: words })], usageMetadata: { promptTokenCount: 50 } })),
      geminiEnd,
    ].map(data),
  calls: (calls) => {
    const parts = calls.map(({ name, arguments: given }, index) => ({
      functionCall: { id: `fc_${index}`, name, args: ChatArguments.parse(given) },
      ...(index === 0 && { thoughtSignature: SIGNATURE }),
    }))
    return [{ candidates: [content(...parts)], usageMetadata: { promptTokenCount: 50 } }, geminiEnd].map(data)
  },
}

const content = (...parts: readonly object[]) => ({ content: { role: 'model', parts }, index: 0 })
const geminiEnd = {
  candidates: [{ ...content(), finishReason: 'STOP' }],
  usageMetadata: {
    promptTokenCount: 50,
    cachedContentTokenCount: 20,
    candidatesTokenCount: 6,
    thoughtsTokenCount: 3,
    totalTokenCount: 59,
  },
}
const ChatArguments = z.string().transform((given) => parseJson(given) ?? {})

const chatOf = (
  model: string,
  system: string,
  lines: readonly object[],
  format?: z.infer<typeof schema>,
  tools?: readonly object[],
): ChatRequest =>
  ChatRequest.parse({
    model,
    messages: [{ role: 'system', content: system }, ...lines],
    ...(tools && { tools }),
    ...(format && { response_format: { type: 'json_schema', json_schema: { schema: format } } }),
  })
