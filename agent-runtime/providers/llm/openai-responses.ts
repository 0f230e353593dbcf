import type { llm } from '@livekit/agents'
import * as z from 'zod'
import type { JsonObject } from '../../../core/json.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { bearer, post } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { ModelCall } from './called.ts'
import { conversationOf, type Line } from './conversation.ts'
import type { LanguageModel } from './language-model.ts'
import { serverEvents } from './server-events.ts'
import { cutShort, StreamedModel, type ModelPiece } from './streamed-model.ts'
import { patienceOf, wantedOf, type Wanted } from './wanted.ts'

/**
 * OpenAI's responses (platform.openai.com/docs/api-reference/responses). LiveKit's plugin 1.9.0 does not work behind our port: a
 * reply that reaches its limit fails the turn instead of being mended, and a request cannot be ended.
 */
export function createResponsesModel({ document, secrets }: ProviderScope): LanguageModel {
  const server = connectionOf('llm', document.llm_config, secrets)
  const wanted = wantedOf(document)
  const ask = (chatCtx: llm.ChatContext, signal: AbortSignal) => askResponses(server, wanted, chatCtx, signal)
  return {
    open: () => new StreamedModel({ provider: 'openai', model: server.model }, ask),
    extraKwargs: {},
    patience_ms: patienceOf(document),
    context: server.context,
  }
}

async function* askResponses(
  server: Connection,
  wanted: Wanted,
  chatCtx: llm.ChatContext,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const body = JSON.stringify(requestOf(server.model, wanted, chatCtx))
  const response = await post({ url: `${server.base_url}/responses`, headers: bearer(server.key), body, signal })
  for await (const data of serverEvents(response)) {
    const event = ResponseEvent.safeParse(data).data
    if (event?.type === 'response.output_text.delta') yield { text: event.delta }
    if (event?.type === 'response.output_item.done' && event.item.type === 'function_call') yield { call: callOf(event.item) }
    if (event?.type === 'response.failed') throw failed(event.response.error)
    if (event?.type === 'error') throw failed(event)
    if (event?.type === 'response.completed' || event?.type === 'response.incomplete') {
      if (event.response.usage) yield { usage: completionUsage(event.response.usage) }
      return
    }
  }
  throw cutShort()
}

/** Nothing is kept at OpenAI: the conversation is ours, and goes along each time. */
function requestOf(model: string, wanted: Wanted, chatCtx: llm.ChatContext): JsonObject {
  const { system, lines } = conversationOf(chatCtx)
  const { schema, json, temperature, max_tokens, tools } = wanted
  const { reasoning_effort, ...rest } = wanted.at_once
  return {
    model,
    instructions: system,
    input: lines.flatMap(itemsOf),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', ...tool, strict: true })) }),
    stream: true,
    store: false,
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { max_output_tokens: max_tokens }),
    ...(schema && { text: { format: { type: 'json_schema', name: 'output', strict: true, schema } } }),
    ...(json ? { text: { format: { type: 'json_object' } } } : {}),
    ...(reasoning_effort === undefined ? {} : { reasoning: { effort: reasoning_effort } }),
    ...rest,
  }
}

function itemsOf({ role, text, calls = [], results = [] }: Line): JsonObject[] {
  return [
    ...results.map(({ callId, output }) => ({ type: 'function_call_output', call_id: callId, output })),
    ...(text === '' ? [] : [{ role, content: text }]),
    ...calls.map(({ callId, name, args }) => ({ type: 'function_call', call_id: callId, name, arguments: args })),
  ]
}

const ResponseUsage = z.looseObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  input_tokens_details: z.looseObject({ cached_tokens: z.number().optional() }).optional(),
})
const Failure = z.looseObject({ code: z.string().nullish(), message: z.string() })
const Finished = z.looseObject({ usage: ResponseUsage.nullish() })

const OutputItem = z.looseObject({ type: z.string(), name: z.string().optional(), arguments: z.string().optional() })
const callOf = ({ name = '', arguments: text = '' }: z.infer<typeof OutputItem>): ModelCall => ({ name, text })

const ResponseEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('response.output_text.delta'), delta: z.string() }),
  z.looseObject({ type: z.literal('response.output_item.done'), item: OutputItem }),
  z.looseObject({ type: z.literal('response.completed'), response: Finished }),
  z.looseObject({ type: z.literal('response.incomplete'), response: Finished }),
  z.looseObject({ type: z.literal('response.failed'), response: z.looseObject({ error: Failure.nullish() }) }),
  z.looseObject({ type: z.literal('error'), ...Failure.shape }),
])

const failed = (failure: z.infer<typeof Failure> | null | undefined) =>
  new HttpFailure(failure?.code === 'rate_limit_exceeded' ? 429 : 500, failure?.message ?? 'The response failed.')

const completionUsage = (usage: z.infer<typeof ResponseUsage>): llm.CompletionUsage => ({
  promptTokens: usage.input_tokens,
  completionTokens: usage.output_tokens,
  promptCachedTokens: usage.input_tokens_details?.cached_tokens ?? 0,
  totalTokens: usage.input_tokens + usage.output_tokens,
})
