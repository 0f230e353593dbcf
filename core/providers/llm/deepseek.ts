import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider, StructuredOutput } from '../provider.ts'
import { llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.deepseek.com'
const KEY = 'env:DEEPSEEK_API_KEY'
const price = priced('2026-07', 'https://api-docs.deepseek.com/quick_start/pricing')
/** No schemas: "JSON Output" is an object whose shape stands in the prompt. */
const structured_output: readonly StructuredOutput[] = ['json_object', 'prompt']
const at_once = { thinking: { type: 'disabled' } }

export const deepseek: LlmProvider<'deepseek'> = {
  id: 'deepseek',
  kind: 'llm',
  name: 'DeepSeek',
  aliases: ['deepseek.com'],
  description: 'DeepSeek’s models: cheap, with a long memory; promises JSON, but not the table.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://api-docs.deepseek.com/guides/json_mode',
  models: [
    {
      id: 'deepseek-v4-flash',
      label: 'DeepSeek V4 Flash',
      help: 'Quick and cheap; told not to think first',
      context_tokens: 1_000_000,
      price: price(0.14, 0.0028, 0.28),
      at_once,
    },
    {
      id: 'deepseek-v4-pro',
      label: 'DeepSeek V4 Pro',
      help: 'More exact; told not to think first',
      context_tokens: 1_000_000,
      price: price(0.435, 0.003625, 0.87),
      at_once,
    },
  ],
  options: [...llmOptions({ model: 'deepseek-v4-flash', structured_output, thinks: true }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: true, structured_output },
}
