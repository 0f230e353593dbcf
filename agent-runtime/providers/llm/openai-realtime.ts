import type { llm } from '@livekit/agents'
import type { ConversationItem, ResponseCreateEvent, SessionUpdateEvent } from 'openai/resources/realtime/realtime'
import * as z from 'zod'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { bearer } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { realtimeStatus } from '../realtime-status.ts'
import { resampled } from '../resampled.ts'
import { LineLost, openLine, type LineProtocol, type LineTalk, type SocketLine } from '../socket-line.ts'
import { base64, NO_REASON, socketUrl, textIn } from '../stt/stt-protocol.ts'
import type { ModelCall } from './called.ts'
import type { Line } from './conversation.ts'
import { heardConversation, type HeardConversation } from './heard-conversation.ts'
import type { LanguageModel } from './language-model.ts'
import { createLineKeeper, type LineKeeper } from './line-keeper.ts'
import { overLine } from './over-line.ts'
import { createPieceQueue } from './piece-queue.ts'
import { declined } from './declined.ts'
import { cutShort, StreamedModel, type ModelPiece, type ModelUsage } from './streamed-model.ts'
import { patienceOf, wantedOf, type Wanted } from './wanted.ts'

/** The one rate that their realtime sessions take. */
const SAMPLE_RATE = 24_000
const LONGEST_REPLY = 4096
/** All replies ask for what they need themselves, so that any line serves any of them. */
const ANY_SESSION = ''

/**
 * OpenAI's realtime API (developers.openai.com/api/docs/guides/realtime-conversations), asked out of band and for text: each request
 * carries the whole conversation as we know it, so that what was not heard of a reply is not in it, and the last words as sound.
 */
export function createRealtimeModel({ document, secrets, callerAudio }: ProviderScope): LanguageModel {
  const server = connectionOf('llm', document.llm_config, secrets)
  const wanted = wantedOf(document)
  const patience_ms = patienceOf(document)
  const keeper = createLineKeeper({ open: (_session, signal) => openLine(protocol(server), patience_ms, signal) })
  const forget = callerAudio?.want()
  const ask = (chatCtx: llm.ChatContext, signal: AbortSignal) => {
    const request = requestOf(wanted, heardConversation(chatCtx, callerAudio))
    return overLine(keeper, ANY_SESSION, signal, (line) => reply(server, keeper, line, request, signal))
  }
  return {
    open: () => new StreamedModel({ provider: 'openai-realtime', model: server.model }, ask),
    extraKwargs: {},
    warm: () => keeper.warm(ANY_SESSION),
    close() {
      forget?.()
      keeper.close()
    },
    patience_ms,
    context: server.context,
  }
}

function protocol(server: Connection): LineProtocol {
  const update = {
    type: 'session.update',
    session: {
      type: 'realtime',
      output_modalities: ['text'],
      audio: { input: { format: { type: 'audio/pcm', rate: SAMPLE_RATE }, turn_detection: null } },
    },
  } satisfies SessionUpdateEvent
  const talk: LineTalk = {
    opening: [JSON.stringify(update)],
    isReady: (message) => textIn(message, 'type') === 'session.updated',
    failure(message) {
      const failed = Failed.safeParse(message).data
      if (!failed || failed.error.code === CANCELLED_TOO_LATE) return undefined
      const { code, type, message: text } = failed.error
      // A session may last an hour: another is opened.
      if (code === 'session_expired') return new LineLost(code)
      return new HttpFailure(realtimeStatus(`${code ?? ''} ${type ?? ''}`), text ?? code ?? NO_REASON)
    },
  }
  const url = socketUrl(`${server.base_url}/realtime`, { model: server.model })
  return { request: () => ({ url, headers: bearer(server.key) }), talk: () => talk }
}

async function* reply(
  server: Connection,
  keeper: LineKeeper,
  line: SocketLine,
  request: string,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const pieces = createPieceQueue<ModelPiece>()
  let response_id: string | undefined
  let done = false
  line.read({
    onLost: pieces.fail,
    onMessage(message) {
      const event = RealtimeEvent.safeParse(message).data
      if (event?.type === 'response.created') response_id = event.response.id
      if (event?.type === 'response.output_text.delta') pieces.push({ text: event.delta })
      if (event?.type === 'response.output_item.done' && event.item.type === 'function_call')
        pieces.push({ call: callOf(event.item) })
      if (event?.type !== 'response.done') return
      done = true
      if (event.response.usage) pieces.push({ usage: completionUsage(event.response.usage) })
      const failure = failureOf(server, event.response)
      if (failure) pieces.fail(failure)
      else pieces.end()
    },
  })
  signal.addEventListener('abort', pieces.end, { once: true })
  if (signal.aborted) pieces.end()
  line.send(request)
  try {
    yield* pieces
  } finally {
    signal.removeEventListener('abort', pieces.end)
    if (done) keeper.give(ANY_SESSION, line)
    else if (response_id === undefined || !line.isOpen()) line.close()
    else cancel(keeper, line, response_id)
  }
}

/** The line is quiet again when the server says so, and no sooner used by another reply. */
function cancel(keeper: LineKeeper, line: SocketLine, response_id: string): void {
  line.read({
    onLost: () => {},
    onMessage: (message) => textIn(message, 'type') === 'response.done' && keeper.give(ANY_SESSION, line),
  })
  line.send(JSON.stringify({ type: 'response.cancel', response_id }))
}

function requestOf({ max_tokens, at_once, tools }: Wanted, { system, lines, sounds, called }: HeardConversation): string {
  const heard = sounds.map((pcm): ConversationItem => {
    const audio = base64(resampled(pcm, UP_SAMPLE_RATE, SAMPLE_RATE))
    return { type: 'message', role: 'user', content: [{ type: 'input_audio', audio }] }
  })
  return JSON.stringify({
    type: 'response.create',
    response: {
      conversation: 'none',
      output_modalities: ['text'],
      instructions: system,
      input: [...lines.flatMap(itemsOf), ...heard, ...called.flatMap(itemsOf)],
      ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function' as const, ...tool })) }),
      ...(max_tokens === undefined ? {} : { max_output_tokens: Math.min(LONGEST_REPLY, max_tokens) }),
      ...at_once,
    },
  } satisfies ResponseCreateEvent)
}

function itemsOf({ role, text, calls = [], results = [] }: Line): ConversationItem[] {
  const said: ConversationItem =
    role === 'user'
      ? { type: 'message', role, content: [{ type: 'input_text', text }] }
      : { type: 'message', role, content: [{ type: 'output_text', text }] }
  return [
    ...results.map(({ callId, output }): ConversationItem => ({ type: 'function_call_output', call_id: callId, output })),
    ...(text === '' ? [] : [said]),
    ...calls.map(({ callId, name, args }): ConversationItem => ({
      type: 'function_call',
      call_id: callId,
      name,
      arguments: args,
    })),
  ]
}

const OutputItem = z.looseObject({ type: z.string(), name: z.string().optional(), arguments: z.string().optional() })
const callOf = ({ name = '', arguments: text = '' }: z.infer<typeof OutputItem>): ModelCall => ({ name, text })

const Tokens = z.number().nullish()
const RealtimeUsage = z.looseObject({
  input_tokens: Tokens,
  output_tokens: Tokens,
  input_token_details: z.looseObject({ audio_tokens: Tokens, cached_tokens: Tokens }).nullish(),
})
const Fault = z.looseObject({ code: z.string().nullish(), type: z.string().nullish(), message: z.string().nullish() })
const Done = z.looseObject({
  status: z.string(),
  status_details: z.looseObject({ reason: z.string().nullish(), error: Fault.nullish() }).nullish(),
  usage: RealtimeUsage.nullish(),
})
const RealtimeEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('response.created'), response: z.looseObject({ id: z.string() }) }),
  z.looseObject({ type: z.literal('response.output_text.delta'), delta: z.string() }),
  z.looseObject({ type: z.literal('response.output_item.done'), item: OutputItem }),
  z.looseObject({ type: z.literal('response.done'), response: Done }),
])
const Failed = z.looseObject({ type: z.literal('error'), error: Fault })
const CANCELLED_TOO_LATE = 'response_cancel_not_active'

/** A reply that reached its limit is a reply. */
function failureOf(server: Connection, { status, status_details }: z.infer<typeof Done>): Error | undefined {
  const { reason, error } = status_details ?? {}
  if (status === 'completed' || (status === 'incomplete' && reason === 'max_output_tokens')) return undefined
  if (status === 'incomplete') return declined(server, reason)
  if (status !== 'failed') return cutShort()
  return new HttpFailure(realtimeStatus(`${error?.code ?? ''} ${error?.type ?? ''}`), error?.message ?? error?.code ?? NO_REASON)
}

function completionUsage({ input_tokens, output_tokens, input_token_details }: z.infer<typeof RealtimeUsage>): ModelUsage {
  const promptTokens = input_tokens ?? 0
  const completionTokens = output_tokens ?? 0
  return {
    promptTokens,
    completionTokens,
    promptCachedTokens: input_token_details?.cached_tokens ?? 0,
    promptAudioTokens: input_token_details?.audio_tokens ?? 0,
    totalTokens: promptTokens + completionTokens,
  }
}
