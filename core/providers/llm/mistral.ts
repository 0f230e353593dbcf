import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.mistral.ai/v1'
const KEY = 'env:MISTRAL_API_KEY'
const price = priced('2026-07', 'https://mistral.ai/pricing#api-pricing')

export const mistral: LlmProvider<'mistral'> = {
  id: 'mistral',
  kind: 'llm',
  name: 'Mistral',
  aliases: ['mistral.ai', 'mistralai'],
  description: 'Mistral’s models, made and served in Europe. Enforces the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://docs.mistral.ai/capabilities/structured_output/custom',
  models: [
    {
      id: 'mistral-small-latest',
      label: 'Mistral Small',
      help: 'Quick and cheap',
      context_tokens: 256_000,
      price: price(0.15, undefined, 0.6),
    },
    {
      id: 'mistral-large-latest',
      label: 'Mistral Large',
      help: 'Follows long prompts more exactly',
      context_tokens: 262_144,
      price: price(0.5, undefined, 1.5),
    },
    {
      id: 'mistral-medium-2604',
      label: 'Mistral Medium (April 2026)',
      help: 'The most exact',
      context_tokens: 262_144,
      price: price(1.5, undefined, 7.5),
    },
    {
      id: 'ministral-8b-latest',
      label: 'Ministral 8B',
      help: 'The cheapest; for short tables',
      context_tokens: 128_000,
      price: price(0.1, undefined, 0.1),
    },
  ],
  options: [...llmOptions({ model: 'mistral-small-latest', max_temperature: 1.5 }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
