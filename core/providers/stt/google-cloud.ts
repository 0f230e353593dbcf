import { connectionOptions, needsKey } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { keytermsOption, languageOption, modelOption, patienceOption, UTTERANCE_PATIENCE_MS } from './stt-options.ts'

const BASE_URL = 'https://speech.googleapis.com'
const KEY = 'env:GOOGLE_CLOUD_API_KEY'

/** Streaming there is gRPC with a service account alone, so that an API key gets one utterance at a time. */
export const googleCloud: SttProvider<'google-cloud'> = {
  id: 'google-cloud',
  kind: 'stt',
  name: 'Google Cloud Speech-to-Text',
  aliases: ['google', 'google.com', 'cloud.google.com', 'speech.googleapis.com'],
  description: 'One utterance at a time, when it has ended; a key of Google Cloud with the Speech-to-Text API switched on.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: needsKey(KEY),
  documentation: 'https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize',
  models: [
    { id: 'latest_short', label: 'latest_short', help: 'For utterances of seconds' },
    { id: 'latest_long', label: 'latest_long', help: 'For people who tell stories' },
    { id: 'telephony_short', label: 'telephony_short', help: 'For callers by telephone' },
    { id: 'default', label: 'default', help: 'Every language that they have' },
  ],
  options: [
    modelOption('latest_short'),
    languageOption,
    keytermsOption,
    patienceOption(UTTERANCE_PATIENCE_MS),
    ...connectionOptions(BASE_URL, KEY),
  ],
  capabilities: { streaming: false, interim: false, languages: 'many' },
}
