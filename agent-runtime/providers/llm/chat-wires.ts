import type { JsonObject } from '../../../core/json.ts'
import type { LlmProviderId } from '../../../core/providers/index.ts'

/** The providers that speak OpenAI's chat completions. */
export type ChatProviderId = Exclude<
  LlmProviderId,
  'rehearsal' | 'builtin' | 'anthropic' | 'google' | 'livekit-inference' | 'openai-realtime' | 'gemini-live'
>

/** Where a provider departs from the others on the same wire. */
export type ChatWire = Readonly<{
  /** What the longest reply is called. */
  limit: 'max_tokens' | 'max_completion_tokens'
  /** The header that carries the key. */
  auth?: 'api-key'
  /** Usage comes unasked, and asking is an error. */
  usage?: 'unasked'
  /** Goes along when a schema shall be enforced. */
  with_schema?: JsonObject
  /** Goes along with each tool. */
  with_tool?: JsonObject
}>

export const chatWires: { readonly [Id in ChatProviderId]: ChatWire } = {
  // platform.openai.com/docs/api-reference/chat/create: max_tokens is deprecated and refused by models that think
  openai: { limit: 'max_completion_tokens', with_tool: { strict: true } },
  // learn.microsoft.com/azure/ai-foundry/openai/reference: "api-key" header
  'azure-openai': { limit: 'max_completion_tokens', auth: 'api-key' },
  // console.groq.com/docs/api-reference#chat-create: "max_tokens Deprecated"
  groq: { limit: 'max_completion_tokens' },
  // inference-docs.cerebras.ai/api-reference/chat-completions
  // inference-docs.cerebras.ai/capabilities/tool-use: its tools are strict
  cerebras: { limit: 'max_completion_tokens', with_tool: { strict: true } },
  // docs.mistral.ai/api/endpoint/chat: no stream_options; the last chunk has the usage
  mistral: { limit: 'max_tokens', usage: 'unasked' },
  // docs.x.ai/docs/api-reference#chat-completions: "max_tokens [DEPRECATED]"
  xai: { limit: 'max_completion_tokens' },
  // api-docs.deepseek.com/api/create-chat-completion
  deepseek: { limit: 'max_tokens' },
  // docs.together.ai/reference/chat-completions-1
  together: { limit: 'max_tokens' },
  // openrouter.ai/docs/structured-outputs: "require_parameters: true" asks only those that follow the schema
  openrouter: { limit: 'max_tokens', with_schema: { provider: { require_parameters: true } } },
  // docs.ollama.com/api/openai-compatibility
  ollama: { limit: 'max_tokens' },
  // lmstudio.ai/docs/developer/openai-compat
  'lm-studio': { limit: 'max_tokens' },
  // github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
  'llama-server': { limit: 'max_tokens' },
  'openai-compatible': { limit: 'max_tokens' },
}
