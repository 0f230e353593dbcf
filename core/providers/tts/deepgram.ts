import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://api.deepgram.com/v1'
const KEY = 'env:DEEPGRAM_API_KEY'

/** Each voice speaks one language: it stands at the end of its name. */
const voices: readonly Choice[] = [
  { value: 'flux-haley-en', label: 'Haley, Flux (English)' },
  { value: 'flux-alexis-en', label: 'Alexis, Flux (English)' },
  { value: 'flux-marcus-en', label: 'Marcus, Flux (English)' },
  { value: 'aura-2-thalia-en', label: 'Thalia (American English)' },
  { value: 'aura-2-andromeda-en', label: 'Andromeda (American English)' },
  { value: 'aura-2-helena-en', label: 'Helena (American English)' },
  { value: 'aura-2-apollo-en', label: 'Apollo (American English)' },
  { value: 'aura-2-arcas-en', label: 'Arcas (American English)' },
  { value: 'aura-2-draco-en', label: 'Draco (British English)' },
  { value: 'aura-2-celeste-es', label: 'Celeste (Spanish)' },
  { value: 'aura-2-nestor-es', label: 'Nestor (Spanish)' },
  { value: 'aura-2-elara-de', label: 'Elara (German)' },
  { value: 'aura-2-agathe-fr', label: 'Agathe (French)' },
  { value: 'aura-2-cesare-it', label: 'Cesare (Italian)' },
  { value: 'aura-2-beatrix-nl', label: 'Beatrix (Dutch)' },
  { value: 'aura-2-ama-ja', label: 'Ama (Japanese)' },
]

export const deepgram: TtsProvider<'deepgram'> = {
  id: 'deepgram',
  kind: 'tts',
  name: 'Deepgram',
  aliases: ['deepgram.com'],
  description: 'Aura and Flux: quick, clear voices for service calls; they take no voice style.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://developers.deepgram.com/reference/text-to-speech/speak-request',
  models: [
    {
      id: 'aura-2',
      label: 'Aura 2',
      help: 'Voices in seven languages',
      price: {
        per: 'million_characters',
        usd: 30,
        as_of: '2026-11',
        source: 'https://developers.cloudflare.com/ai/models/@cf/deepgram/aura-2-en/',
      },
      languages: ['en', 'es', 'de', 'fr', 'nl', 'it', 'ja'],
      sample_rates: [24_000],
    },
    { id: 'flux', label: 'Flux', help: 'Newer, made for conversations; English', languages: ['en'], sample_rates: [24_000] },
    { id: 'aura', label: 'Aura', help: 'The first ones; English only', languages: ['en'], sample_rates: [24_000] },
  ],
  voices,
  options: [
    modelOption('aura-2'),
    voiceOption(voices, 'aura-2-thalia-en', true),
    speedOption(0.7, 1.5),
    instructionField,
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'none' },
}
