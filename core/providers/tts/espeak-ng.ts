import type { Choice, TtsProvider } from '../provider.ts'
import { instructionField, speedOption, voiceOption } from './options.ts'

const voices: readonly Choice[] = [
  { value: 'en-us', label: 'English (America)' },
  { value: 'en-gb', label: 'English (Great Britain)' },
  { value: 'de', label: 'German' },
  { value: 'es', label: 'Spanish' },
  { value: 'fr-fr', label: 'French' },
  { value: 'it', label: 'Italian' },
  { value: 'pt-br', label: 'Portuguese (Brazil)' },
  { value: 'hi', label: 'Hindi' },
]

export const espeakNg: TtsProvider<'espeak-ng'> = {
  id: 'espeak-ng',
  kind: 'tts',
  name: 'eSpeak NG',
  aliases: ['espeak'],
  description: 'A small rule-based voice on this machine: works at once in many languages and sounds like the robot it is.',
  is_ai: false,
  network: 'never',
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/espeak-ng/espeak-ng/blob/master/docs/guide.md',
  models: [],
  voices,
  options: [voiceOption(voices, 'en-us', true), speedOption(0.5, 2), instructionField],
  capabilities: { streaming: false, voice_style: 'none' },
}
