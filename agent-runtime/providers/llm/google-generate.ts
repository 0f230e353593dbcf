import type { llm } from '@livekit/agents'
import * as z from 'zod'
import { parseJson, type JsonObject } from '../../../core/json.ts'
import type { ToolSpec } from '../../../core/tools/tool-spec.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { post } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { argumentsIn, type ModelCall } from './called.ts'
import { conversationOf, startedByCaller, type Line } from './conversation.ts'
import { declined } from './declined.ts'
import type { LanguageModel } from './language-model.ts'
import { serverEvents } from './server-events.ts'
import { cutShort, StreamedModel, type ModelPiece } from './streamed-model.ts'
import { patienceOf, wantedOf, type Wanted } from './wanted.ts'

/**
 * Gemini's streamGenerateContent (ai.google.dev/api/generate-content). LiveKit's plugin 1.9.0 does not work behind our port: it
 * reads the status of a refusal where Google's library does not put it, so that a wrong key looks like a dead network, and it
 * cannot end a request.
 */
export function createGoogleModel({ document, secrets }: ProviderScope): LanguageModel {
  const server = connectionOf('llm', document.llm_config, secrets)
  const wanted = wantedOf(document)
  const ask = (chatCtx: llm.ChatContext, signal: AbortSignal) => askGemini(server, wanted, chatCtx, signal)
  return {
    open: () => new StreamedModel({ provider: 'google', model: server.model }, ask),
    extraKwargs: {},
    patience_ms: patienceOf(document),
    context: server.context,
  }
}

async function* askGemini(
  server: Connection,
  wanted: Wanted,
  chatCtx: llm.ChatContext,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece> {
  const model = encodeURIComponent(server.model.replace(/^models\//, ''))
  const response = await post({
    url: `${server.base_url}/models/${model}:streamGenerateContent?alt=sse`,
    headers: server.key === undefined ? {} : { 'x-goog-api-key': server.key },
    body: JSON.stringify(requestOf(wanted, chatCtx)),
    signal,
  })
  let whole = false
  for await (const data of serverEvents(response)) {
    const chunk = Chunk.parse(data)
    if (chunk.error) throw new HttpFailure(chunk.error.code, chunk.error.message)
    const candidate = chunk.candidates?.[0]
    for (const part of candidate?.content?.parts ?? []) {
      if (part.functionCall) yield { call: callOf(part.functionCall, part.thoughtSignature) }
      else if (!part.thought) yield { text: part.text ?? '' }
    }
    if (chunk.usageMetadata) yield { usage: completionUsage(chunk.usageMetadata) }
    const stopped = chunk.promptFeedback?.blockReason ?? candidate?.finishReason
    if (stopped && !WHOLE.includes(stopped)) throw declined(server, stopped)
    whole ||= stopped !== undefined
  }
  if (!whole) throw cutShort()
}

/** Reasons to stop that are no fault: the end, and the limit that was asked for. */
const WHOLE = ['STOP', 'MAX_TOKENS', 'FINISH_REASON_UNSPECIFIED']

function requestOf({ schema, json, temperature, max_tokens, at_once, tools }: Wanted, chatCtx: llm.ChatContext): JsonObject {
  const { system, lines } = conversationOf(chatCtx)
  return {
    systemInstruction: { parts: [{ text: system }] },
    contents: startedByCaller(lines).map((line) => ({ role: line.role === 'user' ? 'user' : 'model', parts: partsOf(line) })),
    ...(tools.length > 0 && { tools: [{ functionDeclarations: tools.map(declaration) }] }),
    generationConfig: {
      ...(temperature === undefined ? {} : { temperature }),
      ...(max_tokens === undefined ? {} : { maxOutputTokens: max_tokens }),
      ...(schema || json ? { responseMimeType: 'application/json' } : {}),
      ...(schema && { responseJsonSchema: schema }),
      ...at_once,
    },
  }
}

const declaration = ({ name, description, parameters }: ToolSpec): JsonObject => ({
  name,
  description,
  parametersJsonSchema: parameters,
})

/** ai.google.dev/gemini-api/docs/function-calling: results come back as `functionResponse`, and a call with its signature. */
export function partsOf({ text, calls = [], results = [] }: Line): JsonObject[] {
  return [
    ...results.map(({ callId: id, name, output, isError }) => ({
      functionResponse: { id, name, response: { [isError ? 'error' : 'output']: parseJson(output) ?? output } },
    })),
    ...(text === '' ? [] : [{ text }]),
    ...calls.map((call) => ({
      functionCall: { id: call.callId, name: call.name, args: argumentsIn(call) },
      ...(call.thoughtSignature && { thoughtSignature: call.thoughtSignature }),
    })),
  ]
}

const FunctionCall = z.looseObject({ name: z.string(), args: z.record(z.string(), z.json()).nullish() })
const callOf = ({ name, args }: z.infer<typeof FunctionCall>, signature: string | undefined): ModelCall => ({
  name,
  text: JSON.stringify(args ?? {}),
  ...(signature !== undefined && { signature }),
})

const UsageMetadata = z.looseObject({
  promptTokenCount: z.number().optional(),
  candidatesTokenCount: z.number().optional(),
  thoughtsTokenCount: z.number().optional(),
  cachedContentTokenCount: z.number().optional(),
})

const Part = z.looseObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  functionCall: FunctionCall.optional(),
  thoughtSignature: z.string().optional(),
})

const Chunk = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        content: z
          .looseObject({
            parts: z.array(Part).optional(),
          })
          .optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z.looseObject({ blockReason: z.string().optional() }).optional(),
  usageMetadata: UsageMetadata.optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
})

/** Thoughts are billed as words that it wrote. */
function completionUsage(usage: z.infer<typeof UsageMetadata>): llm.CompletionUsage {
  const promptTokens = usage.promptTokenCount ?? 0
  const completionTokens = (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0)
  return {
    promptTokens,
    completionTokens,
    promptCachedTokens: usage.cachedContentTokenCount ?? 0,
    totalTokens: promptTokens + completionTokens,
  }
}
