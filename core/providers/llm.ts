import { OPENAI_BASE_URL, needsOpenAiKey, openaiConnection } from './openai-connection.ts'
import type { Price } from './price.ts'
import type { LlmProvider, ProviderOption } from './provider.ts'
import { DEFAULT_PRESET, rehearsalPresets } from './rehearsal-presets.ts'

export type LlmProviderId = 'rehearsal' | 'openai-compatible'

const price = (input_usd: number, cached_input_usd: number, output_usd: number): Price => ({
  per: 'million_tokens',
  input_usd,
  cached_input_usd,
  output_usd,
  as_of: '2026-11',
  source: 'https://platform.openai.com/docs/pricing',
})

const openaiOptions: readonly ProviderOption[] = [
  { key: 'model', label: 'Model', type: 'model', default: 'gpt-4.1-mini', any: true, help: 'Any name that the server knows.' },
  {
    key: 'temperature',
    label: 'Temperature',
    type: 'float',
    min: 0,
    max: 2,
    step: 0.1,
    default: 0.7,
    help: '0 says the same again; above 1 it wanders.',
  },
  {
    key: 'max_tokens',
    label: 'Longest reply',
    type: 'int',
    min: 1,
    max: 32_768,
    step: 1,
    unit: 'tokens',
    advanced: true,
    help: 'A reply that reaches it is cut off and mended; leave empty for the provider’s own limit.',
  },
  {
    key: 'structured_output',
    label: 'Structured output',
    type: 'choice',
    default: 'json_schema',
    choices: [
      { value: 'json_schema', label: 'JSON Schema', help: 'The provider enforces the table: the safest' },
      { value: 'json_object', label: 'JSON object', help: 'The provider promises JSON; the table stands in the prompt' },
      { value: 'prompt', label: 'Prompt only', help: 'For servers that know neither; replies are checked and mended' },
    ],
    help: 'How the model is told what to write.',
  },
  ...openaiConnection,
]

const rehearsalOptions: readonly ProviderOption[] = [
  {
    key: 'model',
    label: 'Pace of',
    type: 'model',
    default: DEFAULT_PRESET,
    any: false,
    help: 'Whose published time to the first token it keeps.',
  },
  {
    key: 'tokens_per_second',
    label: 'Tokens per second',
    type: 'int',
    min: 1,
    max: 2000,
    step: 1,
    advanced: true,
    help: 'Instead of the preset’s own, which is illustrative.',
  },
]

export const llmProviders: { readonly [Id in LlmProviderId]: LlmProvider<Id> } = {
  rehearsal: {
    id: 'rehearsal',
    kind: 'llm',
    name: 'Rehearsal (no AI)',
    aliases: [],
    description:
      'Not an AI: it understands nothing, fills the fields with values that fit, echoes the caller’s words, and keeps the pace of a known model.',
    is_ai: false,
    network: 'never',
    needs: { kind: 'nothing' },
    documentation: 'https://github.com/kwindla/aiewf-eval',
    models: rehearsalPresets.map(({ id, name, first_token_p50_ms, first_token_p95_ms, illustrative_tokens_per_second }) => ({
      id,
      label: name,
      help: `first token ${first_token_p50_ms} ms (p95 ${first_token_p95_ms}), then ${illustrative_tokens_per_second} tokens/s (illustrative)`,
    })),
    options: rehearsalOptions,
    capabilities: { streaming: true, structured_output: ['json_schema', 'json_object', 'prompt'] },
  },
  'openai-compatible': {
    id: 'openai-compatible',
    kind: 'llm',
    name: 'OpenAI-compatible',
    aliases: ['openai.compatible', 'custom'],
    description: 'OpenAI, or any server with /chat/completions: Ollama, LM Studio, llama-server, vLLM, Groq and many more.',
    is_ai: true,
    network: 'to its address',
    base_url: OPENAI_BASE_URL,
    needs: needsOpenAiKey,
    models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
    documentation: 'https://platform.openai.com/docs/guides/structured-outputs',
    models: [
      { id: 'gpt-4.1-mini', label: 'gpt-4.1-mini', help: 'Quick and cheap; follows a schema well', price: price(0.4, 0.1, 1.6) },
      { id: 'gpt-4.1', label: 'gpt-4.1', help: 'Follows long prompts more exactly', price: price(2, 0.5, 8) },
      { id: 'gpt-4o', label: 'gpt-4o', help: 'An older all-rounder', price: price(2.5, 1.25, 10) },
      { id: 'gpt-4o-mini', label: 'gpt-4o-mini', help: 'The cheapest here', price: price(0.15, 0.075, 0.6) },
    ],
    options: openaiOptions,
    capabilities: { streaming: true, structured_output: ['json_schema', 'json_object', 'prompt'] },
  },
}
