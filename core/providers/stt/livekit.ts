import { connectionOptions } from '../connection-options.ts'
import type { SttProvider } from '../provider.ts'
import { languageOption, modelOption, patienceOption, STREAM_PATIENCE_MS } from './stt-options.ts'

const BASE_URL = 'https://agent-gateway.livekit.cloud/v1'
const KEY = 'env:LIVEKIT_API_KEY'
const SECRET = 'env:LIVEKIT_API_SECRET'

export const livekit: SttProvider<'livekit'> = {
  id: 'livekit',
  kind: 'stt',
  name: 'LiveKit Inference',
  aliases: ['livekit-inference', 'livekit.io', 'livekit.cloud'],
  description: 'STTs of several vendors through LiveKit Cloud, with its key and secret instead of theirs.',
  is_ai: true,
  network: 'to its address',
  base_url: BASE_URL,
  needs: {
    kind: 'secret',
    secrets: [
      { key: 'api_key', reference: KEY },
      { key: 'api_secret', reference: SECRET },
    ],
  },
  documentation: 'https://docs.livekit.io/agents/models/stt/',
  models: [
    { id: 'deepgram/nova-3', label: 'Deepgram Nova-3', help: 'Many languages', streaming: true },
    {
      id: 'deepgram/flux-general-en',
      label: 'Deepgram Flux (English)',
      help: 'Made for agents',
      streaming: true,
      languages: ['en'],
    },
    {
      id: 'assemblyai/universal-streaming',
      label: 'AssemblyAI Universal-Streaming',
      help: 'English',
      streaming: true,
      languages: ['en'],
    },
    { id: 'assemblyai/universal-3-6-pro', label: 'AssemblyAI Universal-3.6 Pro', help: 'Names and numbers', streaming: true },
    { id: 'cartesia/ink-whisper', label: 'Cartesia Ink Whisper', help: 'Many languages', streaming: true },
    { id: 'xai/stt-1', label: 'xAI STT', help: 'Many languages', streaming: true },
  ],
  options: [
    modelOption('deepgram/nova-3'),
    languageOption,
    patienceOption(STREAM_PATIENCE_MS),
    ...connectionOptions(BASE_URL, KEY),
    {
      key: 'api_secret',
      label: 'Secret',
      type: 'secret',
      default: SECRET,
      placeholder: SECRET,
      help: 'The second half of LiveKit’s key, as a reference.',
    },
  ],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
