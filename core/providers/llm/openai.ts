import { connectionOptions, needsKey } from '../connection-options.ts'
import { OPENAI_BASE_URL, OPENAI_KEY } from '../openai-connection.ts'
import type { LlmProvider, ProviderModel } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const PRICES = 'https://developers.openai.com/api/docs/pricing'
const november = priced('2026-11', PRICES)
const october = priced('2026-10', PRICES)
/** Such models think before they write, and accept a temperature only when told not to think. */
const at_once = { reasoning_effort: 'none' }

const classic: readonly ProviderModel[] = [
  {
    id: 'gpt-4.1-mini',
    label: 'gpt-4.1-mini',
    help: 'Quick and cheap; follows a schema well',
    context_tokens: 1_047_576,
    price: november(0.4, 0.1, 1.6),
  },
  {
    id: 'gpt-4.1',
    label: 'gpt-4.1',
    help: 'Follows long prompts more exactly',
    context_tokens: 1_047_576,
    price: november(2, 0.5, 8),
  },
  { id: 'gpt-4o', label: 'gpt-4o', help: 'An older all-rounder', context_tokens: 128_000, price: november(2.5, 1.25, 10) },
  {
    id: 'gpt-4o-mini',
    label: 'gpt-4o-mini',
    help: 'The cheapest here',
    context_tokens: 128_000,
    price: november(0.15, 0.075, 0.6),
  },
]

const recent: readonly ProviderModel[] = [
  {
    id: 'gpt-6-luna',
    label: 'GPT-6 Luna',
    help: 'The cheapest of the newest; answers at once',
    context_tokens: 1_050_000,
    price: october(0.1, 0.01, 0.5),
    at_once,
  },
  {
    id: 'gpt-6.1-terra',
    label: 'GPT-6.1 Terra',
    help: 'Between Luna and Sol',
    context_tokens: 1_050_000,
    price: october(1, 0.05, 5),
    at_once,
  },
  {
    id: 'gpt-6.1-sol',
    label: 'GPT-6.1 Sol',
    help: 'The most exact, and the slowest to begin',
    context_tokens: 1_050_000,
    price: october(2, 0.1, 10),
    at_once,
  },
  {
    id: 'gpt-5.4-mini',
    label: 'gpt-5.4-mini',
    help: 'An earlier small model; answers at once',
    context_tokens: 400_000,
    price: priced('2026-08', PRICES)(0.75, 0.075, 4.5),
    at_once,
  },
]

/** What a server behind OpenAI's own address knows; `openai-compatible` offers the same names for proxies. */
export const classicOpenAiModels = classic

export const openai: LlmProvider<'openai'> = {
  id: 'openai',
  kind: 'llm',
  name: 'OpenAI',
  aliases: ['openai.com'],
  description: 'GPT models, through chat completions or the responses API. Enforces the table.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsKey(OPENAI_KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://platform.openai.com/docs/guides/structured-outputs',
  models: [...classic, ...recent],
  options: [
    ...llmOptions({ model: 'gpt-4.1-mini', thinks: true }),
    {
      key: 'api',
      label: 'Protocol',
      type: 'choice',
      default: 'chat',
      choices: [
        { value: 'chat', label: 'Chat completions', help: 'What every proxy speaks too' },
        { value: 'responses', label: 'Responses', help: 'OpenAI’s newer one; nothing is stored there' },
      ],
      advanced: true,
      help: 'Both give the same words.',
    },
    ...connectionOptions(OPENAI_BASE_URL, OPENAI_KEY),
  ],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
