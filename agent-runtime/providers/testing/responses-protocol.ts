import * as z from 'zod'
import { chatOf, message, named, number, pieces, schema, text, whyNot, type LlmProtocol } from './llm-protocol.ts'
import { type AskedCall } from './prompt-reader.ts'

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
