import { llm } from '@livekit/agents'
import { AgentDocument } from '../../../core/agent/document.ts'
import { systemPrompt } from '../../../core/agent/system-prompt.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { LlmProviderId } from '../../../core/providers/index.ts'
import type { Usage } from '../../../core/contract/session-events.ts'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import { readModel } from '../../session/read-model.ts'
import { createLanguageModel } from '../llm/create-language-model.ts'
import type { CallerAudio } from '../caller-audio.ts'
import type { LanguageModel } from '../llm/language-model.ts'
import { providerFailure } from '../provider-failure.ts'
import { createScript } from '../rehearsal/script.ts'
import type { LlmProtocol } from './llm-protocol.ts'

export const KEY = 'sk-canary-0123456789abcdef0123456789'
export const SECRET = 'lk-secret-0123456789abcdef0123456789'

/** Those that are asked over the network. */
export type RealtimeLlmId = 'openai-realtime' | 'gemini-live'
export type RemoteLlmId = Exclude<LlmProviderId, 'rehearsal' | 'builtin' | RealtimeLlmId>

/** What one adapter must put on the wire for temperature 0, at most 300 tokens, and the interview's table. */
export type LlmCase = Readonly<{
  /** Where the vendor publishes its protocol. */
  source: string
  protocol: LlmProtocol
  /** Behind the server's address. */
  base_path: string
  path: string
  config: Readonly<{ model: string } & Record<string, Json>>
  /** Headers that carry the key; a pattern for tokens that are made of it. */
  headers: Readonly<Record<string, string | RegExp>>
  /** The whole body. */
  body: (system: string, schema: JsonObject) => Readonly<Record<string, unknown>>
  /** How it says that a JSON object is enough, or that it has no way to. */
  json_object: JsonObject | undefined
}>

export type Answer = Readonly<{ text: string; usage: Usage | undefined }>

export function agentFor(llm_config: Readonly<Record<string, unknown>>, tools: readonly object[] = []): AgentDocument {
  const prompt_config = { instructions: 'RULE: Blue is the answer.' }
  return AgentDocument.parse({ ...interviewAgent, prompt_config, llm_config, tools })
}

export const systemOf = (document: AgentDocument): string => systemPrompt(document, {})

export const modelFor = (
  document: AgentDocument,
  callerAudio?: CallerAudio,
  notice: (text: string) => void = () => {},
): Promise<LanguageModel> =>
  createLanguageModel({
    document,
    secrets: { 'env:TEST_KEY': KEY, 'env:TEST_SECRET': SECRET },
    engines: {},
    seed: 1,
    script: createScript([]),
    notice,
    engine: () => {
      throw new Error('no engine takes part')
    },
    ...(callerAudio && { callerAudio }),
  })

/** A greeting, a question, an answer, a question: turns as a call has them. */
export function conversation(document: AgentDocument): llm.ChatContext {
  const chatCtx = llm.ChatContext.empty()
  chatCtx.addMessage({ role: 'system', content: systemOf(document) })
  chatCtx.addMessage({ role: 'assistant', content: 'Shall we begin?' })
  chatCtx.addMessage({ role: 'user', content: 'Yes.' })
  chatCtx.addMessage({ role: 'assistant', content: '{"stage": "intro"}' })
  chatCtx.addMessage({ role: 'user', content: 'What is the answer?' })
  return chatCtx
}

/** Asks as a turn does; `retries` as the turn would allow. */
export async function ask(document: AgentDocument, { signal = new AbortController().signal, retries = 0 } = {}): Promise<Answer> {
  const model = await modelFor(document)
  try {
    return await answerOf(model, conversation(document), { signal, retries })
  } finally {
    model.close?.()
  }
}

/** One reply of a model that may give more of them. */
export async function answerOf(
  model: LanguageModel,
  chatCtx: llm.ChatContext,
  { signal = new AbortController().signal, retries = 0 } = {},
): Promise<Answer> {
  let text = ''
  let usage: Usage | undefined
  for await (const piece of readModel(model, chatCtx, signal, retries)) {
    text += piece.text ?? ''
    usage = piece.usage ?? usage
  }
  return { text, usage }
}

/** The same, with a failure as people read it. */
export async function outcome(document: AgentDocument, retries = 0) {
  const { context } = await modelFor(document)
  try {
    return { text: (await ask(document, { retries })).text, failure: undefined }
  } catch (cause) {
    return { text: '', failure: providerFailure(context, cause) }
  }
}
