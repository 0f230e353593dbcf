import type { llm } from '@livekit/agents'
import * as z from 'zod'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { instructionsIn } from '../../../core/agent/system-prompt.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { knownTools } from '../../../core/tools/tool-spec.ts'
import { toPortableSchema } from '../../../core/output/json-schema.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { EmptyAnswer, HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { openLine, type LineProtocol, type LineTalk, type SocketLine } from '../socket-line.ts'
import { NO_REASON, socketUrl } from '../stt/stt-protocol.ts'
import { liveTurn } from './gemini-live-turn.ts'
import { heardConversation } from './heard-conversation.ts'
import type { LanguageModel } from './language-model.ts'
import { createLineKeeper } from './line-keeper.ts'
import { overLine } from './over-line.ts'
import { createPieceQueue } from './piece-queue.ts'
import type { ModelPiece, ModelUsage } from './streamed-model.ts'
import { StreamedModel } from './streamed-model.ts'
import { patienceOf, wantedOf } from './wanted.ts'

/** The function that the model calls to answer. */
const REPLY = 'reply'

/**
 * Gemini's Live API (ai.google.dev/api/live). Its models answer in sound only (they refuse `responseModalities: ["TEXT"]`), so the
 * agent's table is a function that the model calls: its arguments are the reply, and come whole. A model that speaks instead is
 * read by the transcript of what it said; the sound itself is dropped. A session keeps its own history, which would hold what nobody
 * heard: each turn gets a fresh one, opened while the turn before it is being spoken.
 */
export function createGeminiLiveModel({ document, secrets, callerAudio, notice }: ProviderScope): LanguageModel {
  if (knownTools(document.tools).length > 0)
    notice('Gemini Live does not call the tools of this agent: choose another LLM, or remove the tools.', 'warning')
  const server = connectionOf('llm', document.llm_config, secrets)
  const patience_ms = patienceOf(document)
  const keeper = createLineKeeper({
    open: (system, signal) => openLine(protocol(server, setupOf(document, server.model, system)), patience_ms, signal),
    retires: (message) => isJsonObject(message) && 'goAway' in message,
  })
  const forget = callerAudio?.want()
  const has_table = document.schema_config.fields.length > 0
  const ask = async function* (chatCtx: llm.ChatContext, signal: AbortSignal): AsyncGenerator<ModelPiece> {
    const { system, ...heard } = heardConversation(chatCtx, callerAudio)
    const turn = liveTurn(heard).map((message) => JSON.stringify(message))
    yield* overLine(keeper, system, signal, (line) => reply(line, { turn, has_table }, signal))
    // What goes wrong with the next session is told when it is needed.
    keeper.warm(system).catch(() => {})
  }
  return {
    open: () => new StreamedModel({ provider: 'gemini-live', model: server.model }, ask),
    extraKwargs: {},
    warm: keeper.warm,
    close() {
      forget?.()
      keeper.close()
    },
    patience_ms,
    context: server.context,
  }
}

function setupOf(document: AgentDocument, model: string, system: string): JsonObject {
  const { temperature, max_tokens } = wantedOf(document)
  const { fields, spoken_field } = document.schema_config
  const text = fields.length === 0 ? system : `${instructionsIn(system)}\n\n${callRule(spoken_field)}`
  const declaration = {
    name: REPLY,
    description: 'Your reply to the caller. Call it once in every turn.',
    behavior: 'BLOCKING',
    parametersJsonSchema: toPortableSchema(fields),
  }
  return {
    model: `models/${model.replace(/^models\//, '')}`,
    generationConfig: {
      responseModalities: ['AUDIO'],
      ...(temperature === undefined ? {} : { temperature }),
      ...(max_tokens === undefined ? {} : { maxOutputTokens: max_tokens }),
    },
    systemInstruction: { parts: [{ text }] },
    ...(fields.length === 0 ? {} : { tools: [{ functionDeclarations: [declaration] }] }),
    // Our own voice detection says where the caller begins and ends.
    realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
    outputAudioTranscription: {},
    historyConfig: { initialHistoryInClientContent: true },
  }
}

const callRule = (spoken_field: string): string =>
  [
    '# How you reply',
    `Answer every turn by calling the function \`${REPLY}\` once, with every argument; never speak yourself.`,
    `\`${spoken_field}\` is read aloud to the caller as you write it: plain words only, no Markdown, lists, links, emoji or code.`,
    'Your earlier replies stand in the conversation as the arguments of that function.',
  ].join('\n')

function protocol({ base_url, key }: Connection, setup: JsonObject): LineProtocol {
  const version = /\/(v\d\w*)$/.exec(base_url)?.[1] ?? 'v1beta'
  const method = `google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent`
  const url = socketUrl(`${base_url.replace(/\/v\d\w*$/, '')}/ws/${method}`)
  const talk: LineTalk = {
    opening: [JSON.stringify({ setup })],
    isReady: (message) => isJsonObject(message) && 'setupComplete' in message,
    failure: (message) => {
      const error = Refusal.safeParse(message).data?.error
      return error && new HttpFailure(error.code, error.message)
    },
    closed,
  }
  return { request: () => ({ url, headers: key === undefined ? {} : { 'x-goog-api-key': key } }), talk: () => talk }
}

const Refusal = z.looseObject({ error: z.looseObject({ code: z.number(), message: z.string() }) })

/** Refusals are close codes here, with the reason in words. */
function closed(code: number, reason: string): Error | undefined {
  const text = reason || NO_REASON
  if (/quota|rate limit|RESOURCE_EXHAUSTED/i.test(reason)) return new HttpFailure(429, text)
  if (/api key|unauthenticated/i.test(reason)) return new HttpFailure(401, text)
  if (/not found/i.test(reason)) return new HttpFailure(404, text)
  if (code === 1007 || code === 1008) return new HttpFailure(400, text)
  return code === 1011 ? new HttpFailure(500, text) : undefined
}

async function* reply(
  line: SocketLine,
  { turn, has_table }: Readonly<{ turn: readonly string[]; has_table: boolean }>,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const pieces = createPieceQueue<ModelPiece>()
  let spoken = ''
  const read = (message: Json) => {
    const { toolCall, serverContent, usageMetadata } = LiveMessage.parse(message)
    if (usageMetadata) pieces.push({ usage: completionUsage(usageMetadata) })
    const words = serverContent?.outputTranscription?.text ?? ''
    spoken += words
    // In a table's stead words are only worth something when it turns out that there is no table.
    if (!has_table && words !== '') pieces.push({ text: words })
    const call = toolCall?.functionCalls?.find(({ name }) => name === REPLY)
    if (call) {
      pieces.push({ text: JSON.stringify(call.args ?? {}) })
      return pieces.end()
    }
    if (!serverContent?.turnComplete) return
    if (spoken === '') return pieces.fail(new EmptyAnswer())
    if (has_table) pieces.push({ text: spoken })
    pieces.end()
  }
  line.read({
    onLost: pieces.fail,
    onMessage(message) {
      try {
        read(message)
      } catch (cause) {
        pieces.fail(cause instanceof Error ? cause : new Error(String(cause)))
      }
    },
  })
  signal.addEventListener('abort', pieces.end, { once: true })
  if (signal.aborted) pieces.end()
  for (const message of turn) line.send(message)
  try {
    yield* pieces
  } finally {
    signal.removeEventListener('abort', pieces.end)
    line.close()
  }
}

const Details = z.array(z.looseObject({ modality: z.string().optional(), tokenCount: z.number().optional() })).optional()
const UsageMetadata = z.looseObject({
  promptTokenCount: z.number().optional(),
  responseTokenCount: z.number().optional(),
  thoughtsTokenCount: z.number().optional(),
  cachedContentTokenCount: z.number().optional(),
  promptTokensDetails: Details,
  responseTokensDetails: Details,
})
const LiveMessage = z.looseObject({
  toolCall: z
    .looseObject({
      functionCalls: z.array(z.looseObject({ name: z.string(), args: z.record(z.string(), z.json()).optional() })).optional(),
    })
    .optional(),
  serverContent: z
    .looseObject({
      turnComplete: z.boolean().optional(),
      outputTranscription: z.looseObject({ text: z.string().optional() }).optional(),
    })
    .optional(),
  usageMetadata: UsageMetadata.optional(),
})

const soundIn = (details: z.infer<typeof Details>): number =>
  details?.find(({ modality }) => modality === 'AUDIO')?.tokenCount ?? 0

/** Thoughts are billed as words that it wrote. */
function completionUsage(usage: z.infer<typeof UsageMetadata>): ModelUsage {
  const promptTokens = usage.promptTokenCount ?? 0
  const completionTokens = (usage.responseTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0)
  return {
    promptTokens,
    completionTokens,
    promptCachedTokens: usage.cachedContentTokenCount ?? 0,
    promptAudioTokens: soundIn(usage.promptTokensDetails),
    completionAudioTokens: soundIn(usage.responseTokensDetails),
    totalTokens: promptTokens + completionTokens,
  }
}
