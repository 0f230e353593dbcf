import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Price } from '../price.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://api.elevenlabs.io/v1'
const KEY = 'env:ELEVENLABS_API_KEY'
const price = (usd: number, as_of: string): Price => ({
  per: 'million_characters',
  usd,
  as_of,
  source: 'https://elevenlabs.io/pricing/api',
})

const MULTILINGUAL = 'en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru'.split(' ')
const voices: readonly Choice[] = [
  { value: 'JBFqnCBsd6RMkjVDRZzb', label: 'George' },
  { value: 'EXAVITQu4vr4xnSDxMaL', label: 'Sarah' },
  { value: 'cgSgspJ2msm6clMCkdW9', label: 'Jessica' },
  { value: 'CwhRBWXzGAHq8TQ4Fs17', label: 'Roger' },
  { value: 'IKne3meq5aSn9XLyUdCD', label: 'Charlie' },
  { value: 'XrExE9yKIg1WjnnlVkGX', label: 'Matilda' },
  { value: 'nPczCjzI2devNBz1zQrb', label: 'Brian' },
  { value: 'onwK4e9ZLuTAKqWW03F9', label: 'Daniel' },
]

export const elevenlabs: TtsProvider<'elevenlabs'> = {
  id: 'elevenlabs',
  kind: 'tts',
  name: 'ElevenLabs',
  aliases: ['elevenlabs.io', 'eleven_labs', '11labs'],
  description: 'Expressive voices, also cloned ones; the voice-style field chooses audio tags or voice settings.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'xi-api-key', list: '', id: 'model_id' },
  documentation: 'https://elevenlabs.io/docs/api-reference/text-to-speech/stream',
  models: [
    {
      id: 'eleven_flash_v2_5',
      label: 'Flash v2.5',
      help: 'The quickest: made for conversations',
      price: price(50, '2026-05'),
      languages: [...MULTILINGUAL, 'hu', 'no', 'vi'],
      sample_rates: [24_000],
    },
    {
      id: 'eleven_v4_turbo',
      label: 'v4 Turbo',
      help: 'Quick, and follows audio tags',
      price: price(40, '2026-11'),
      sample_rates: [24_000],
    },
    {
      id: 'eleven_v4',
      label: 'v4',
      help: 'The most expressive; follows audio tags',
      price: price(80, '2026-11'),
      sample_rates: [24_000],
    },
    { id: 'eleven_v3', label: 'v3', help: 'Follows audio tags; slower', sample_rates: [24_000] },
    {
      id: 'eleven_multilingual_v2',
      label: 'Multilingual v2',
      help: 'Steady in 29 languages; slower',
      price: price(100, '2026-05'),
      languages: MULTILINGUAL,
      sample_rates: [24_000],
    },
  ],
  voices,
  options: [
    modelOption('eleven_flash_v2_5'),
    voiceOption(voices, 'JBFqnCBsd6RMkjVDRZzb', true),
    speedOption(0.7, 1.2),
    instructionField,
    languageOption('auto'),
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'enum-map' },
}
