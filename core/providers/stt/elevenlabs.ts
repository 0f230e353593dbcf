import { connectionOptions, needsKey } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { languageOption, modelOption, patienceOption, perMinute, STREAM_PATIENCE_MS } from './stt-options.ts'

const BASE_URL = 'https://api.elevenlabs.io'
const KEY = 'env:ELEVENLABS_API_KEY'
const HOUR = 60
const price = perMinute('2026-11', 'https://vercel.com/ai-gateway/models/scribe-v2-realtime')

export const elevenlabs: SttProvider<'elevenlabs'> = {
  id: 'elevenlabs',
  kind: 'stt',
  name: 'ElevenLabs',
  aliases: ['elevenlabs.io', 'eleven_labs', '11labs'],
  description: 'Scribe: the realtime model hears while the caller speaks; the others get an utterance when it has ended.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime',
  models: [
    {
      id: 'scribe_v2_realtime',
      label: 'Scribe v2 Realtime',
      help: 'Words while they are said, 90 languages',
      price: price(0.39 / HOUR),
      streaming: true,
    },
    { id: 'scribe_v2', label: 'Scribe v2', help: 'The most exact; one utterance at a time' },
    { id: 'scribe_v1', label: 'Scribe v1', help: 'Older; one utterance at a time' },
  ],
  options: [
    modelOption('scribe_v2_realtime'),
    languageOption,
    patienceOption(STREAM_PATIENCE_MS),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
