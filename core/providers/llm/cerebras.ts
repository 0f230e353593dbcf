import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.cerebras.ai/v1'
const KEY = 'env:CEREBRAS_API_KEY'
const price = priced('2026-07', 'https://www.cerebras.ai/pricing')

export const cerebras: LlmProvider<'cerebras'> = {
  id: 'cerebras',
  kind: 'llm',
  name: 'Cerebras',
  aliases: ['cerebras.ai'],
  description: 'Open models on wafer-sized chips: thousands of tokens a second.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://inference-docs.cerebras.ai/capabilities/structured-outputs',
  models: [
    {
      id: 'gpt-oss-120b',
      label: 'gpt-oss-120b',
      help: 'Quick and exact; thinks a little first',
      context_tokens: 131_072,
      price: price(0.35, undefined, 0.75),
      at_once: { reasoning_effort: 'low' },
    },
    {
      id: 'zai-glm-4.7',
      label: 'GLM 4.7',
      help: 'Larger; told not to think first',
      context_tokens: 131_072,
      price: price(2.25, undefined, 2.75),
      at_once: { reasoning_effort: 'none' },
    },
  ],
  options: [...llmOptions({ model: 'gpt-oss-120b', thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
