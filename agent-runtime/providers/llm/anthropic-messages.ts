import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages'
import type { llm } from '@livekit/agents'
import * as z from 'zod'
import { isJsonObject } from '../../../core/json.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { post } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { contentOf, ContentBlockDelta, ContentBlockStart, createBlockReader } from './anthropic-blocks.ts'
import { conversationOf, startedByCaller } from './conversation.ts'
import { declined } from './declined.ts'
import type { LanguageModel } from './language-model.ts'
import { serverEvents } from './server-events.ts'
import { cutShort, StreamedModel, type ModelPiece } from './streamed-model.ts'
import { patienceOf, wantedOf, type Wanted } from './wanted.ts'

/** The next one, 2026-10-21, knows no temperature, and models that still take one are the quickest to begin. */
const VERSION = '2023-06-01'
/** The protocol insists on a limit; a spoken reply with its fields never comes near this one. */
const LONGEST_REPLY = 4096

/** Anthropic's messages (platform.claude.com/docs/en/api/messages). Its own library gives the types; nothing of it is loaded. */
export function createAnthropicModel({ document, secrets }: ProviderScope): LanguageModel {
  const server = connectionOf('llm', document.llm_config, secrets)
  const wanted = wantedOf(document)
  const ask = (chatCtx: llm.ChatContext, signal: AbortSignal) => askMessages(server, wanted, chatCtx, signal)
  return {
    open: () => new StreamedModel({ provider: 'anthropic', model: server.model }, ask),
    extraKwargs: {},
    patience_ms: patienceOf(document),
    context: server.context,
  }
}

async function* askMessages(
  server: Connection,
  wanted: Wanted,
  chatCtx: llm.ChatContext,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const headers = { 'anthropic-version': VERSION, ...(server.key === undefined ? {} : { 'x-api-key': server.key }) }
  const body = JSON.stringify(requestOf(server.model, wanted, chatCtx))
  const response = await post({ url: `${server.base_url}/messages`, headers, body, signal })
  let usage: TokenUsage = {}
  const blocks = createBlockReader()
  for await (const data of serverEvents(response)) {
    const event = MessageEvent.safeParse(data).data
    if (event?.type === 'content_block_delta' && event.delta.text) yield { text: event.delta.text }
    const call = event && blocks.read(event)
    if (call) yield { call }
    if (event?.type === 'message_start') usage = event.message.usage
    if (event?.type === 'message_delta') {
      if (event.delta.stop_reason === 'refusal') throw declined(server, undefined)
      yield { usage: completionUsage({ ...usage, ...event.usage }) }
    }
    if (event?.type === 'error') throw new HttpFailure(STATUS[event.error.type] ?? 500, event.error.message)
    if (event?.type === 'message_stop') return
  }
  throw cutShort()
}

/** The system prompt is the same in every turn: asked to, Anthropic reads it from its cache. */
function requestOf(model: string, wanted: Wanted, chatCtx: llm.ChatContext): object {
  const { system, lines } = conversationOf(chatCtx)
  const { schema, temperature, at_once, tools } = wanted
  const { output_config, ...rest } = at_once
  const told = {
    ...(isJsonObject(output_config) ? output_config : {}),
    ...(schema && { format: { type: 'json_schema', schema } }),
  }
  const request = {
    model,
    max_tokens: wanted.max_tokens ?? LONGEST_REPLY,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    messages: startedByCaller(lines).map((line) => ({ role: line.role, content: contentOf(line) })),
    stream: true,
    // Its scale ends at 1.
    ...(temperature === undefined ? {} : { temperature: Math.min(1, temperature) }),
  } satisfies MessageCreateParamsStreaming
  return {
    ...request,
    ...rest,
    ...(tools.length > 0 && { tools: tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters })) }),
    ...(Object.keys(told).length > 0 ? { output_config: told } : {}),
  }
}

const TokenUsage = z.looseObject({
  input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
})
type TokenUsage = z.infer<typeof TokenUsage>

const MessageEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('message_start'), message: z.looseObject({ usage: TokenUsage }) }),
  ContentBlockStart,
  ContentBlockDelta,
  z.looseObject({ type: z.literal('content_block_stop'), index: z.number() }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
    usage: TokenUsage.optional(),
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('error'), error: z.looseObject({ type: z.string(), message: z.string() }) }),
])

/** What is read from the cache and written into it is not part of `input_tokens`. */
function completionUsage(usage: TokenUsage): llm.CompletionUsage {
  const cached = usage.cache_read_input_tokens ?? 0
  const written = usage.cache_creation_input_tokens ?? 0
  const promptTokens = (usage.input_tokens ?? 0) + cached + written
  const completionTokens = usage.output_tokens ?? 0
  return {
    promptTokens,
    completionTokens,
    promptCachedTokens: cached,
    cacheCreationTokens: written,
    totalTokens: promptTokens + completionTokens,
  }
}

/** platform.claude.com/docs/en/api/errors: what the status would have been, had the stream not begun. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  api_error: 500,
  overloaded_error: 529,
}
