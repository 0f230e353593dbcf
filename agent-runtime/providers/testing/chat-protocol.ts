import * as z from 'zod'
import { data, message, number, pieces, schema, text, whyNot, type LlmProtocol } from './llm-protocol.ts'
import { ChatRequest } from './prompt-reader.ts'

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
