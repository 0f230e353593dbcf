import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider, StructuredOutput } from '../provider.ts'
import { llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.groq.com/openai/v1'
const KEY = 'env:GROQ_API_KEY'
const price = priced('2026-07', 'https://groq.com/pricing')

/**
 * "Streaming and tool use are not currently supported with Structured Outputs" (console.groq.com/docs/structured-outputs): with a
 * schema the whole reply comes at its end, so that JSON objects, which stream, are the better way for a voice.
 */
const structured_output: readonly StructuredOutput[] = ['json_object', 'json_schema', 'prompt']
/** The Llama models take no schema at all. */
const withoutSchema: readonly StructuredOutput[] = ['json_object', 'prompt']
const at_once = { reasoning_effort: 'low' }

export const groq: LlmProvider<'groq'> = {
  id: 'groq',
  kind: 'llm',
  name: 'Groq',
  aliases: ['groq.com'],
  description: 'Open models on chips of their own: the quickest first tokens there are.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://console.groq.com/docs/structured-outputs',
  models: [
    {
      id: 'openai/gpt-oss-120b',
      label: 'gpt-oss-120b',
      help: 'Quick and exact; thinks a little first',
      context_tokens: 131_072,
      price: price(0.15, 0.075, 0.6),
      at_once,
    },
    {
      id: 'openai/gpt-oss-20b',
      label: 'gpt-oss-20b',
      help: 'Smaller and cheaper; thinks a little first',
      context_tokens: 131_072,
      price: price(0.075, 0.0375, 0.3),
      at_once,
    },
    {
      id: 'llama-3.3-70b-versatile',
      label: 'Llama 3.3 70B',
      help: 'Begins at once; no schema',
      context_tokens: 131_072,
      price: price(0.59, undefined, 0.79),
      structured_output: withoutSchema,
    },
    {
      id: 'llama-3.1-8b-instant',
      label: 'Llama 3.1 8B',
      help: 'The quickest; for short tables',
      context_tokens: 131_072,
      price: price(0.05, undefined, 0.08),
      structured_output: withoutSchema,
    },
  ],
  options: [
    ...llmOptions({ model: 'openai/gpt-oss-120b', structured_output, thinks: true }),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, structured_output },
}
