import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'https://texttospeech.googleapis.com/v1'
const KEY = 'env:GOOGLE_CLOUD_API_KEY'

const voices: readonly Choice[] = [
  { value: 'en-US-Chirp3-HD-Charon', label: 'Charon (American English)' },
  { value: 'en-US-Chirp3-HD-Kore', label: 'Kore (American English)' },
  { value: 'en-GB-Chirp3-HD-Charon', label: 'Charon (British English)' },
  { value: 'de-DE-Chirp3-HD-Kore', label: 'Kore (German)' },
  { value: 'fr-FR-Chirp3-HD-Kore', label: 'Kore (French)' },
  { value: 'es-ES-Chirp3-HD-Kore', label: 'Kore (Spanish)' },
  { value: 'en-US-Neural2-F', label: 'Neural2 F (American English)' },
]

export const googleCloud: TtsProvider<'google-cloud'> = {
  id: 'google-cloud',
  kind: 'tts',
  name: 'Google Cloud Text-to-Speech',
  aliases: ['cloud.google.com', 'google_cloud', 'texttospeech.googleapis.com'],
  description: 'Chirp 3 HD and older voices: a clause comes when all of it is made; they take no voice style.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize',
  models: [
    {
      id: 'chirp-3-hd',
      label: 'Chirp 3 HD',
      help: 'The voice’s name chooses the model',
      sample_rates: [24_000],
    },
    { id: 'neural2', label: 'Neural2', help: 'The voice’s name chooses the model', sample_rates: [24_000] },
  ],
  voices,
  options: [
    modelOption('chirp-3-hd'),
    voiceOption(voices, 'en-US-Chirp3-HD-Charon', true),
    speedOption(0.25, 2),
    instructionField,
    languageOption('en-US'),
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: false, voice_style: 'none' },
}
