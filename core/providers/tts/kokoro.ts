import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

const BASE_URL = 'http://127.0.0.1:8880/v1'
const KEY = 'env:KOKORO_API_KEY'

/** The first letter is the language, the second the gender. */
const voices: readonly Choice[] = [
  { value: 'af_heart', label: 'Heart (American English)' },
  { value: 'af_bella', label: 'Bella (American English)' },
  { value: 'am_michael', label: 'Michael (American English)' },
  { value: 'am_fenrir', label: 'Fenrir (American English)' },
  { value: 'bf_emma', label: 'Emma (British English)' },
  { value: 'bm_george', label: 'George (British English)' },
  { value: 'ff_siwis', label: 'Siwis (French)' },
  { value: 'jf_alpha', label: 'Alpha (Japanese)' },
]

export const kokoro: TtsProvider<'kokoro'> = {
  id: 'kokoro',
  kind: 'tts',
  name: 'Kokoro server',
  aliases: ['kokoro-fastapi', 'remsky'],
  description: 'Kokoro-FastAPI, or another server with Kokoro behind /audio/speech; voices can be mixed: af_bella+af_heart.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY, 'remote addresses'),
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://github.com/remsky/Kokoro-FastAPI',
  models: [
    {
      id: 'kokoro',
      label: 'Kokoro 82M',
      help: 'Small and quick',
      languages: ['en', 'es', 'fr', 'hi', 'it', 'ja', 'pt', 'zh'],
      sample_rates: [24_000],
    },
  ],
  voices,
  options: [
    modelOption('kokoro'),
    voiceOption(voices, 'af_heart', true),
    speedOption(0.25, 4),
    instructionField,
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'none' },
}
