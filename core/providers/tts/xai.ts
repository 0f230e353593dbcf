import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://api.x.ai/v1'
const KEY = 'env:XAI_API_KEY'

const voices: readonly Choice[] = [
  { value: 'eve', label: 'Eve', help: 'Energetic' },
  { value: 'ara', label: 'Ara', help: 'Warm' },
  { value: 'rex', label: 'Rex', help: 'Confident' },
  { value: 'sal', label: 'Sal', help: 'Smooth' },
  { value: 'leo', label: 'Leo', help: 'Authoritative' },
]

export const xai: TtsProvider<'xai'> = {
  id: 'xai',
  kind: 'tts',
  name: 'xAI',
  aliases: ['x.ai', 'grok', 'xai.com'],
  description: 'Grok’s voices; the voice-style field chooses the speech tags around a clause: pace, loudness, pitch.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://docs.x.ai/developers/model-capabilities/audio/text-to-speech',
  models: [
    {
      id: 'grok-tts',
      label: 'Grok TTS',
      help: 'xAI has one model: the voice makes the difference',
      languages: ['en', 'ar', 'bn', 'zh', 'fr', 'de', 'hi', 'id', 'it', 'ja', 'ko', 'pt', 'ru', 'es', 'tr', 'vi'],
      sample_rates: [24_000],
    },
  ],
  voices,
  options: [
    modelOption('grok-tts'),
    voiceOption(voices, 'eve', true),
    speedOption(0.7, 1.5),
    instructionField,
    languageOption('auto'),
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'enum-map' },
}
