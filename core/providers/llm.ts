import { anthropic } from './llm/anthropic.ts'
import { azureOpenai } from './llm/azure-openai.ts'
import { builtin } from './llm/builtin.ts'
import { cerebras } from './llm/cerebras.ts'
import { deepseek } from './llm/deepseek.ts'
import { geminiLive } from './llm/gemini-live.ts'
import { google } from './llm/google.ts'
import { groq } from './llm/groq.ts'
import { livekitInference } from './llm/livekit-inference.ts'
import { llamaServer, lmStudio, ollama } from './llm/local-servers.ts'
import { mistral } from './llm/mistral.ts'
import { openai } from './llm/openai.ts'
import { openaiCompatible } from './llm/openai-compatible.ts'
import { openaiRealtime } from './llm/openai-realtime.ts'
import { openrouter } from './llm/openrouter.ts'
import { rehearsal } from './llm/rehearsal.ts'
import { together } from './llm/together.ts'
import { xai } from './llm/xai.ts'
import type { LlmProvider } from './provider.ts'

export type LlmProviderId =
  | 'rehearsal'
  | 'builtin'
  | 'openai'
  | 'anthropic'
  | 'google'
  | 'groq'
  | 'cerebras'
  | 'mistral'
  | 'xai'
  | 'deepseek'
  | 'together'
  | 'openrouter'
  | 'azure-openai'
  | 'livekit-inference'
  | 'openai-realtime'
  | 'gemini-live'
  | 'ollama'
  | 'lm-studio'
  | 'llama-server'
  | 'openai-compatible'

export const llmProviders: { readonly [Id in LlmProviderId]: LlmProvider<Id> } = {
  rehearsal,
  builtin,
  openai,
  anthropic,
  google,
  groq,
  cerebras,
  mistral,
  xai,
  deepseek,
  together,
  openrouter,
  'azure-openai': azureOpenai,
  'livekit-inference': livekitInference,
  'openai-realtime': openaiRealtime,
  'gemini-live': geminiLive,
  ollama,
  'lm-studio': lmStudio,
  'llama-server': llamaServer,
  'openai-compatible': openaiCompatible,
}
