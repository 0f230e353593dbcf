import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.x.ai/v1'
const KEY = 'env:XAI_API_KEY'
const price = priced('2026-07', 'https://docs.x.ai/developers/models')

export const xai: LlmProvider<'xai'> = {
  id: 'xai',
  kind: 'llm',
  name: 'xAI',
  aliases: ['x.ai', 'grok'],
  description: 'Grok models. Enforces the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://docs.x.ai/docs/guides/structured-outputs',
  models: [
    {
      id: 'grok-4.3',
      label: 'Grok 4.3',
      help: 'Told not to think first',
      context_tokens: 1_000_000,
      price: price(1.25, 0.2, 2.5),
      at_once: { reasoning_effort: 'none' },
    },
    {
      id: 'grok-4.20-0309-non-reasoning',
      label: 'Grok 4.20 without thinking',
      help: 'Begins at once',
      context_tokens: 1_000_000,
      price: price(1.25, 0.2, 2.5),
    },
    {
      id: 'grok-4.5',
      label: 'Grok 4.5',
      help: 'The most exact; always thinks first',
      context_tokens: 500_000,
      price: price(2, 0.5, 6),
      at_once: { reasoning_effort: 'low' },
    },
  ],
  options: [...llmOptions({ model: 'grok-4.3', thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
