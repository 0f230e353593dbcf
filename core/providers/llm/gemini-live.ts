import { connectionOptions, needsKey } from '../connection-options.ts'
import type { LlmProvider } from '../provider.ts'
import { llmOptions } from './llm-options.ts'
import { priced } from './priced.ts'

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta'
const KEY = 'env:GEMINI_API_KEY'
const PRICES = 'https://ai.google.dev/gemini-api/docs/pricing'

export const geminiLive: LlmProvider<'gemini-live'> = {
  id: 'gemini-live',
  kind: 'llm',
  name: 'Gemini Live',
  aliases: ['google-live', 'gemini.live'],
  description:
    'Hears the caller’s own voice and fills in the table by calling a function; your TTS speaks it, your STT writes the transcript. It does not speak itself, and its reply comes whole, not word by word.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models?pageSize=1000', auth: 'x-goog-api-key', list: 'models', id: 'name', strip: 'models/' },
  documentation: 'https://ai.google.dev/gemini-api/docs/live-api',
  models: [
    {
      id: 'gemini-3.8-live',
      label: 'Gemini 3.8 Live',
      help: 'The one for most agents; answers without thinking first',
      context_tokens: 131_072,
      price: { ...priced('2026-11', PRICES)(0.75, undefined, 4.5), audio_input_usd: 3, audio_output_usd: 12 },
    },
  ],
  options: [...llmOptions({ model: 'gemini-3.8-live', structured_output: ['json_schema'] }), ...connectionOptions(BASE_URL, KEY)],
  capabilities: { streaming: false, structured_output: ['json_schema'] },
}
