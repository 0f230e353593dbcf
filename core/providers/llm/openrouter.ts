import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://openrouter.ai/api/v1'
const KEY = 'env:OPENROUTER_API_KEY'
const price = priced('2026-07', 'https://openrouter.ai/models')
const MODEL = 'openai/gpt-4.1-mini'

export const openrouter: LlmProvider<'openrouter'> = {
  id: 'openrouter',
  kind: 'llm',
  name: 'OpenRouter',
  aliases: ['openrouter.ai'],
  description: 'One key for the models of all vendors; asks only those that enforce the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://openrouter.ai/docs/structured-outputs',
  models: [
    {
      id: MODEL,
      label: 'GPT-4.1 mini',
      help: 'Quick and cheap; follows a schema well',
      context_tokens: 1_047_576,
      price: price(0.4, 0.1, 1.6),
    },
    {
      id: 'anthropic/claude-haiku-4.5',
      label: 'Claude Haiku 4.5',
      help: 'Follows long prompts exactly',
      context_tokens: 200_000,
      price: price(1, 0.1, 5),
    },
    {
      id: 'google/gemini-2.5-flash',
      label: 'Gemini 2.5 Flash',
      help: 'Quick, with a long memory',
      context_tokens: 1_048_576,
      price: price(0.3, 0.03, 2.5),
      at_once: { reasoning: { enabled: false } },
    },
    {
      id: 'meta-llama/llama-3.3-70b-instruct',
      label: 'Llama 3.3 70B',
      help: 'Open, and cheap',
      context_tokens: 131_072,
      price: price(0.1, undefined, 0.32),
    },
  ],
  options: [...llmOptions({ model: MODEL, thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
