import { connectionOptions, needsKey } from '../connection-options.ts'
import { OPENAI_BASE_URL, OPENAI_KEY } from '../openai-connection.ts'
import type { LlmProvider } from '../provider.ts'
import type { Price } from '../price.ts'
import { llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const november = priced('2026-11', 'https://developers.openai.com/api/docs/models')
/** Text as read, from the cache, and written; then sound as it is heard. */
const heard = (input: number, cached: number, output: number, audio_input_usd: number): Price => ({
  ...november(input, cached, output),
  audio_input_usd,
})
/** It cannot be told not to think at all. */
const at_once = { reasoning: { effort: 'minimal' } }

export const openaiRealtime: LlmProvider<'openai-realtime'> = {
  id: 'openai-realtime',
  kind: 'llm',
  name: 'OpenAI Realtime',
  aliases: ['openai.realtime', 'gpt-realtime'],
  description:
    'Hears the caller’s own voice (tone, hesitation, names) over one open connection and answers in text; your TTS speaks it, your STT writes the transcript. It does not speak itself.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsKey(OPENAI_KEY),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://developers.openai.com/api/docs/guides/realtime-conversations',
  models: [
    {
      id: 'gpt-realtime-2.1-mini',
      label: 'GPT-Realtime-2.1 Mini',
      help: 'Quick and cheap; hears letters and digits well',
      context_tokens: 128_000,
      price: heard(0.6, 0.06, 2.4, 10),
      at_once,
    },
    {
      id: 'gpt-realtime-2.1',
      label: 'GPT-Realtime-2.1',
      help: 'Follows instructions more exactly; thinks a little first',
      context_tokens: 128_000,
      price: heard(4, 0.4, 24, 32),
      at_once,
    },
    {
      id: 'gpt-realtime-1.5',
      label: 'GPT-Realtime-1.5',
      help: 'Begins without thinking; remembers less',
      context_tokens: 32_000,
      price: heard(4, 0.4, 16, 32),
    },
  ].map((model) => ({ ...model, refuses: ['temperature'] as const })),
  options: [
    ...llmOptions({ model: 'gpt-realtime-2.1-mini', structured_output: ['prompt'], thinks: true }).filter(
      ({ key }) => key !== 'temperature',
    ),
    ...connectionOptions(OPENAI_BASE_URL, OPENAI_KEY),
  ],
  capabilities: { streaming: true, structured_output: ['prompt'] },
}
