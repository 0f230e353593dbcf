import type { Json, JsonObject } from '../../../core/json.ts'
import type { LlmCase, RemoteLlmId } from './llm-contract.ts'
import { KEY } from './llm-contract.ts'
import { chatProtocol } from './chat-protocol.ts'
import { geminiProtocol } from './gemini-protocol.ts'
import { messagesProtocol } from './messages-protocol.ts'
import { responsesProtocol } from './responses-protocol.ts'

const bearer = { authorization: `Bearer ${KEY}` }
const history = [
  { role: 'assistant', content: 'Shall we begin?' },
  { role: 'user', content: 'Yes.' },
  { role: 'assistant', content: '{"stage": "intro"}' },
  { role: 'user', content: 'What is the answer?' },
]
const json_object = { response_format: { type: 'json_object' } }

type Departure = Readonly<{
  limit?: 'max_completion_tokens'
  /** Set when the vendor would not enforce a schema. */
  best?: JsonObject
  also?: Readonly<Record<string, Json | undefined>>
  headers?: LlmCase['headers']
  config?: Readonly<Record<string, Json>>
  path?: string
  base_path?: string
}>

/** OpenAI's chat completions, and how this vendor departs from them. */
const chat = (source: string, model: string, departure: Departure = {}): LlmCase => ({
  source,
  protocol: chatProtocol,
  base_path: departure.base_path ?? '/v1',
  path: departure.path ?? '/v1/chat/completions',
  config: { model, ...departure.config },
  headers: departure.headers ?? bearer,
  body: (system, schema) => ({
    model,
    messages: [{ role: 'system', content: system }, ...history],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    [departure.limit ?? 'max_tokens']: 300,
    response_format: { type: 'json_schema', json_schema: { name: 'output', strict: true, schema } },
    ...departure.best,
    ...departure.also,
  }),
  json_object,
})

const limit = 'max_completion_tokens' as const
const MESSAGES = 'https://platform.claude.com/docs/en/api/messages'
const GEMINI = 'https://ai.google.dev/api/generate-content'
const silence = { role: 'user', content: '…' }

const claude = (model: string, { temperature, ...settings }: Readonly<Record<string, Json>>): LlmCase => ({
  source: MESSAGES,
  protocol: messagesProtocol,
  base_path: '/v1',
  path: '/v1/messages',
  config: { model },
  headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
  body: (system, schema) => ({
    model,
    max_tokens: 300,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    messages: [silence, ...history],
    stream: true,
    ...(temperature === undefined ? {} : { temperature }),
    ...settings,
    output_config: { ...Object(settings['output_config']), format: { type: 'json_schema', schema } },
  }),
  json_object: undefined,
})

const gemini = (model: string, thinkingConfig: JsonObject): LlmCase => ({
  source: GEMINI,
  protocol: geminiProtocol,
  base_path: '/v1beta',
  path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
  config: { model },
  headers: { 'x-goog-api-key': KEY },
  body: (system, responseJsonSchema) => ({
    systemInstruction: { parts: [{ text: system }] },
    contents: [silence, ...history].map(({ role, content }) => ({
      role: role === 'user' ? 'user' : 'model',
      parts: [{ text: content }],
    })),
    generationConfig: {
      temperature: 0,
      maxOutputTokens: 300,
      responseMimeType: 'application/json',
      responseJsonSchema,
      thinkingConfig,
    },
  }),
  json_object: {
    generationConfig: { temperature: 0, maxOutputTokens: 300, responseMimeType: 'application/json', thinkingConfig },
  },
})

const responses: LlmCase = {
  source: 'https://platform.openai.com/docs/api-reference/responses/create',
  protocol: responsesProtocol,
  base_path: '/v1',
  path: '/v1/responses',
  config: { model: 'gpt-6-luna', api: 'responses' },
  headers: bearer,
  body: (system, schema) => ({
    model: 'gpt-6-luna',
    instructions: system,
    input: history,
    stream: true,
    store: false,
    temperature: 0,
    max_output_tokens: 300,
    text: { format: { type: 'json_schema', name: 'output', strict: true, schema } },
    reasoning: { effort: 'none' },
  }),
  json_object: { text: { format: { type: 'json_object' } } },
}

/** A provider without a case here does not compile; a second case is a second protocol or a model with settings of its own. */
export const llmCases: { readonly [Id in RemoteLlmId]: readonly [LlmCase, ...LlmCase[]] } = {
  openai: [
    chat('https://platform.openai.com/docs/api-reference/chat/create', 'gpt-4.1-mini', { limit }),
    chat('https://platform.openai.com/docs/guides/reasoning', 'gpt-6-luna', { limit, also: { reasoning_effort: 'none' } }),
    responses,
  ],
  anthropic: [
    claude('claude-haiku-4-5', { temperature: 0 }),
    claude('claude-sonnet-5-5', { thinking: { type: 'between_tools' }, output_config: { effort: 'low' } }),
  ],
  google: [gemini('gemini-2.5-flash', { thinkingBudget: 0 }), gemini('gemini-3.5-flash', { thinkingLevel: 'minimal' })],
  groq: [
    chat('https://console.groq.com/docs/api-reference#chat-create', 'openai/gpt-oss-120b', {
      limit,
      best: json_object,
      also: { reasoning_effort: 'low' },
    }),
  ],
  cerebras: [
    chat('https://inference-docs.cerebras.ai/api-reference/chat-completions', 'gpt-oss-120b', {
      limit,
      also: { reasoning_effort: 'low' },
    }),
  ],
  mistral: [chat('https://docs.mistral.ai/api/endpoint/chat', 'mistral-small-latest', { also: { stream_options: undefined } })],
  xai: [chat('https://docs.x.ai/docs/api-reference#chat-completions', 'grok-4.3', { limit, also: { reasoning_effort: 'none' } })],
  deepseek: [
    chat('https://api-docs.deepseek.com/api/create-chat-completion', 'deepseek-v4-flash', {
      best: json_object,
      also: { thinking: { type: 'disabled' } },
    }),
  ],
  together: [chat('https://docs.together.ai/reference/chat-completions-1', 'meta-llama/Llama-3.3-70B-Instruct-Turbo')],
  openrouter: [
    chat('https://openrouter.ai/docs/structured-outputs', 'openai/gpt-4.1-mini', {
      also: { provider: { require_parameters: true } },
    }),
  ],
  'azure-openai': [
    chat('https://learn.microsoft.com/azure/ai-foundry/openai/latest', 'my-deployment', {
      limit,
      headers: { 'api-key': KEY },
      base_path: '/openai/v1',
      path: '/openai/v1/chat/completions',
    }),
    chat('https://learn.microsoft.com/azure/ai-foundry/openai/reference', 'my-deployment', {
      limit,
      headers: { 'api-key': KEY },
      base_path: '/openai',
      path: '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21',
      config: { api_version: '2024-10-21' },
    }),
  ],
  'livekit-inference': [
    chat('https://docs.livekit.io/agents/models/llm/inference/', 'openai/gpt-4.1-mini', {
      limit,
      headers: { authorization: /^Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+$/ },
      config: { api_secret: 'env:TEST_SECRET' },
    }),
  ],
  ollama: [chat('https://docs.ollama.com/api/openai-compatibility', 'qwen3:4b')],
  'lm-studio': [chat('https://lmstudio.ai/docs/developer/openai-compat/structured-output', 'qwen3-4b')],
  'llama-server': [chat('https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md', 'default')],
  'openai-compatible': [chat('https://platform.openai.com/docs/api-reference/chat/create', 'any-model')],
}
