import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, modelOption, speedOption, voiceOption } from './options.ts'

/** A voice of a model that has several, or a model that is one voice; what else is installed is listed by Models & keys. */
const voices: readonly Choice[] = [{ value: 'piper-en_US-joe', label: 'Joe (American English)', help: 'Piper, medium, 63 MB' }]

export const builtin: TtsProvider<'builtin'> = {
  id: 'builtin',
  kind: 'tts',
  name: 'Built-in voice',
  aliases: ['sherpa-onnx', 'piper.local', 'kokoro.local'],
  description: 'Neural voices on this machine (Piper, Kokoro and others): offline, clear rather than expressive.',
  is_ai: true,
  network: 'never',
  needs: { kind: 'models', set_id: 'speech' },
  documentation: 'https://k2-fsa.github.io/sherpa/onnx/tts/piper.html',
  models: [
    { id: 'piper-en_US-joe', label: 'Joe', help: 'Piper, American English, 63 MB', languages: ['en'], sample_rates: [22_050] },
    {
      id: 'kokoro-82m-int8',
      label: 'Kokoro 82M',
      help: 'Several voices, 92 MB; slower',
      languages: ['en'],
      sample_rates: [24_000],
    },
  ],
  voices,
  options: [
    { ...modelOption(), help: 'What is in the models folder.' },
    voiceOption(voices, 'piper-en_US-joe', true),
    speedOption(0.5, 2),
    instructionField,
  ],
  capabilities: { streaming: true, voice_style: 'none' },
}
