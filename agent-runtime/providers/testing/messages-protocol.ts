import * as z from 'zod'
import { chatOf, message, named, pieces, schema, SIGNATURE, text, whyNot, type LlmProtocol } from './llm-protocol.ts'

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
