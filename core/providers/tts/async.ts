import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://api.async.com'
const KEY = 'env:ASYNC_API_KEY'

const ROMANCE = ['en', 'es', 'fr', 'de', 'it', 'pt']
const voices: readonly Choice[] = [{ value: 'e0f39dc4-f691-4e78-bba5-5c636692cc04', label: 'Async’s own example' }]

export const asyncAi: TtsProvider<'async'> = {
  id: 'async',
  kind: 'tts',
  name: 'Async',
  aliases: ['async.ai', 'async.com', 'asyncai', 'async-ai'],
  description: 'Quick voices, also cloned ones; they take no voice style.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://docs.async.com/models-2161359m0',
  models: [
    { id: 'async_flash_v1.5', label: 'Flash v1.5', help: 'Quick, six languages', languages: ROMANCE, sample_rates: [24_000] },
    {
      id: 'async_flash_v1.0',
      label: 'Flash v1.0',
      help: 'Fifteen languages; the only one whose speed can be set',
      languages: [...ROMANCE, 'ar', 'ru', 'ro', 'ja', 'he', 'hy', 'tr', 'hi', 'zh'],
      sample_rates: [24_000],
    },
    { id: 'async_pro_v1.0', label: 'Pro v1.0', help: 'The finest; English', languages: ['en'], sample_rates: [24_000] },
  ],
  voices,
  options: [
    modelOption('async_flash_v1.5'),
    voiceOption(voices, 'e0f39dc4-f691-4e78-bba5-5c636692cc04', true),
    speedOption(0.7, 2),
    instructionField,
    languageOption('en'),
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'none' },
}
