import { LIVEKIT_URL, liveKitNeeds, liveKitOptions } from '../livekit-connection.ts'
import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, languageOption, modelOption, patienceOption, speedOption, voiceOption } from './options.ts'

/** A voice belongs to the model’s own provider. */
const voices: readonly Choice[] = [
  { value: '9626c31c-bec5-4cca-baa8-f8ba9e84c8bc', label: 'Jacqueline (Cartesia)' },
  { value: 'athena', label: 'Athena (Deepgram)' },
  { value: 'ara', label: 'Ara (xAI)' },
]

export const livekit: TtsProvider<'livekit'> = {
  id: 'livekit',
  kind: 'tts',
  name: 'LiveKit Inference',
  aliases: ['livekit-inference', 'livekit.io', 'livekit.cloud'],
  description: 'Voices of several providers through LiveKit Cloud, with its key and secret instead of theirs.',
  is_ai: true,
  network: 'to its address',
  base_url: LIVEKIT_URL,
  needs: liveKitNeeds,
  documentation: 'https://docs.livekit.io/agents/models/tts',
  models: [
    { id: 'cartesia/sonic-3', label: 'Cartesia Sonic 3', help: 'Emotion, speed and volume', sample_rates: [24_000] },
    { id: 'cartesia/sonic-3.5', label: 'Cartesia Sonic 3.5', help: 'Newer', sample_rates: [24_000] },
    { id: 'xai/tts-1', label: 'xAI TTS', help: 'Speech tags', sample_rates: [24_000] },
    { id: 'deepgram/aura-2', label: 'Deepgram Aura 2', help: 'No voice style', voice_style: 'none', sample_rates: [24_000] },
    {
      id: 'inworld/inworld-tts-2',
      label: 'Inworld TTS 2',
      help: 'No voice style here',
      voice_style: 'none',
      sample_rates: [24_000],
    },
    { id: 'rime/mistv3', label: 'Rime Mist v3', help: 'No voice style', voice_style: 'none', sample_rates: [24_000] },
  ],
  voices,
  options: [
    modelOption('cartesia/sonic-3'),
    voiceOption(voices, '9626c31c-bec5-4cca-baa8-f8ba9e84c8bc', true),
    speedOption(0.6, 1.5),
    instructionField,
    languageOption('en'),
    patienceOption,
    ...liveKitOptions,
  ],
  capabilities: { streaming: true, voice_style: 'enum-map' },
}
