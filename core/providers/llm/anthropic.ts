import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider, StructuredOutput } from '../provider.ts'
import { llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://api.anthropic.com/v1'
const KEY = 'env:ANTHROPIC_API_KEY'
const PRICES = 'https://platform.claude.com/docs/en/about-claude/pricing'
const october = priced('2026-10', PRICES)
const july = priced('2026-07', PRICES)
/** There is no "some JSON object" here. */
const structured_output: readonly StructuredOutput[] = ['json_schema', 'prompt']
/** Models from 4.7 on answer 400 to any temperature. */
const refuses = ['temperature'] as const

export const anthropic: LlmProvider<'anthropic'> = {
  id: 'anthropic',
  kind: 'llm',
  name: 'Anthropic',
  aliases: ['anthropic.com', 'claude'],
  description: 'Claude models. Enforces the table; the system prompt is cached between turns.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: {
    path: '/models?limit=1000',
    auth: 'x-api-key',
    headers: { 'anthropic-version': '2023-06-01' },
    list: 'data',
    id: 'id',
  },
  documentation: 'https://platform.claude.com/docs/en/build-with-claude/structured-outputs',
  models: [
    {
      id: 'claude-haiku-4-5',
      label: 'Claude Haiku 4.5',
      help: 'Quick; begins at once and takes a temperature',
      context_tokens: 200_000,
      price: july(1, 0.1, 5),
    },
    {
      id: 'claude-haiku-5-5',
      label: 'Claude Haiku 5.5',
      help: 'The cheapest; told not to think first',
      context_tokens: 1_000_000,
      price: october(0.1, 0.01, 0.5),
      refuses,
      at_once: { thinking: { type: 'disabled' }, output_config: { effort: 'low' } },
    },
    {
      id: 'claude-sonnet-5-5',
      label: 'Claude Sonnet 5.5',
      help: 'Follows long prompts exactly; told not to think first',
      context_tokens: 1_000_000,
      price: october(2, 0.1, 10),
      refuses,
      at_once: { thinking: { type: 'between_tools' }, output_config: { effort: 'low' } },
    },
    {
      id: 'claude-opus-5-5',
      label: 'Claude Opus 5.5',
      help: 'The most exact; always thinks first',
      context_tokens: 1_000_000,
      price: october(4, 0.2, 20),
      refuses,
      at_once: { output_config: { effort: 'low' } },
    },
    {
      id: 'claude-sonnet-4-6',
      label: 'Claude Sonnet 4.6',
      help: 'Begins at once and takes a temperature',
      context_tokens: 1_000_000,
      price: july(3, 0.3, 15),
    },
  ],
  options: [
    ...llmOptions({ model: 'claude-haiku-4-5', max_temperature: 1, structured_output, thinks: true }),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, structured_output },
}
