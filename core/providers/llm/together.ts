import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.together.xyz/v1'
const KEY = 'env:TOGETHER_API_KEY'
const price = priced('2026-07', 'https://www.together.ai/pricing')
const MODEL = 'openai/gpt-oss-120b'

export const together: LlmProvider<'together'> = {
  id: 'together',
  kind: 'llm',
  name: 'Together',
  aliases: ['together.ai', 'together.xyz', 'togetherai'],
  description: 'Hundreds of open models behind one key. Enforces the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: '', id: 'id' },
  documentation: 'https://docs.together.ai/docs/json-mode',
  models: [
    {
      id: MODEL,
      label: 'gpt-oss-120b',
      help: 'Exact; thinks a little first',
      context_tokens: 131_072,
      price: price(0.15, undefined, 0.6),
      at_once: { reasoning_effort: 'low' },
    },
    {
      id: 'openai/gpt-oss-20b',
      label: 'gpt-oss-20b',
      help: 'Smaller and cheaper; thinks a little first',
      context_tokens: 131_072,
      price: price(0.05, undefined, 0.2),
      at_once: { reasoning_effort: 'low' },
    },
    {
      id: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      label: 'Llama 3.3 70B Turbo',
      help: 'Begins at once',
      context_tokens: 131_072,
      price: price(0.88, undefined, 0.88),
    },
    {
      id: 'Qwen/Qwen2.5-7B-Instruct-Turbo',
      label: 'Qwen 2.5 7B Turbo',
      help: 'Small; begins at once',
      context_tokens: 32_768,
      price: price(0.3, undefined, 0.3),
    },
  ],
  options: [...llmOptions({ model: MODEL, thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
