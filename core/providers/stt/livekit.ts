import { LIVEKIT_URL, liveKitNeeds, liveKitOptions } from '../livekit-connection.ts'
import type { SttProvider } from '../provider.ts'
import { languageOption, modelOption, patienceOption, STREAM_PATIENCE_MS } from './stt-options.ts'

export const livekit: SttProvider<'livekit'> = {
  id: 'livekit',
  kind: 'stt',
  name: 'LiveKit Inference',
  aliases: ['livekit-inference', 'livekit.io', 'livekit.cloud'],
  description: 'STTs of several vendors through LiveKit Cloud, with its key and secret instead of theirs.',
  is_ai: true,
  network: 'to its address',
  base_url: LIVEKIT_URL,
  needs: liveKitNeeds,
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
  options: [modelOption('deepgram/nova-3'), languageOption, patienceOption(STREAM_PATIENCE_MS), ...liveKitOptions],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
