import { connectionOptions, needsKey } from '../connection-options.ts'
import type { Price } from '../price.ts'
import type { TtsProvider } from '../provider.ts'
import { instructionField, modelOption, named, patienceOption, voiceOption } from './options.ts'

const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta'
const KEY = 'env:GEMINI_API_KEY'

const voices = named([
  ...['Kore', 'Puck', 'Zephyr', 'Charon', 'Fenrir', 'Leda', 'Orus', 'Aoede', 'Callirrhoe', 'Autonoe', 'Enceladus', 'Iapetus'],
  ...['Umbriel', 'Algieba', 'Despina', 'Erinome', 'Algenib', 'Rasalgethi', 'Laomedeia', 'Achernar', 'Alnilam', 'Schedar'],
  ...['Gacrux', 'Pulcherrima', 'Achird', 'Zubenelgenubi', 'Vindemiatrix', 'Sadachbia', 'Sadaltager', 'Sulafat'],
])

/** Paid for in tokens of sound, of which a second has 25; until the end of 2026, then twice as much. */
const perMillionTokens = (usd: number): Price => ({
  per: 'minute',
  usd: (usd * 25 * 60) / 1_000_000,
  as_of: '2026-11',
  source: 'https://ai.google.dev/gemini-api/docs/pricing',
})

export const google: TtsProvider<'google'> = {
  id: 'google',
  kind: 'tts',
  name: 'Google Gemini',
  aliases: ['gemini', 'google.com', 'google-gemini'],
  description: 'Gemini voices in over 100 languages, told how to sound in plain words by the voice-style field.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  models_endpoint: { path: '/models', auth: 'x-goog-api-key', list: 'models', id: 'name', strip: 'models/' },
  documentation: 'https://ai.google.dev/gemini-api/docs/speech-generation',
  models: [
    {
      id: 'gemini-3.8-flash-lite-tts',
      label: 'Gemini 3.8 Flash-Lite TTS',
      help: 'Quick and cheap: for agents',
      price: perMillionTokens(6),
      sample_rates: [24_000],
    },
    {
      id: 'gemini-3.8-flash-tts',
      label: 'Gemini 3.8 Flash TTS',
      help: 'Finer acting and more dialects',
      price: perMillionTokens(9),
      sample_rates: [24_000],
    },
    {
      id: 'gemini-3.1-flash-tts-preview',
      label: 'Gemini 3.1 Flash TTS',
      help: 'Ends on 18 December 2026',
      sample_rates: [24_000],
    },
  ],
  voices,
  options: [
    modelOption('gemini-3.8-flash-lite-tts'),
    voiceOption(voices, 'Kore', true),
    instructionField,
    patienceOption,
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, voice_style: 'instructions' },
}
