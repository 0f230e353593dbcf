import type { TtsProvider } from '../provider.ts'
import { speechPresetHelp, ttsPresets } from '../rehearsal-presets.ts'
import { speedOption } from './options.ts'

export const rehearsal: TtsProvider<'rehearsal'> = {
  id: 'rehearsal',
  kind: 'tts',
  name: 'Rehearsal (no AI)',
  aliases: [],
  description: 'Takes as long to its first sound as a known TTS, and speaks with the robot voice of eSpeak NG.',
  is_ai: false,
  network: 'never',
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/espeak-ng/espeak-ng/blob/master/docs/guide.md',
  models: ttsPresets.map((preset) => ({
    id: preset.id,
    label: preset.name,
    help: speechPresetHelp(preset, 'first sound after'),
  })),
  voices: [],
  options: [
    {
      key: 'model',
      label: 'Pace of',
      type: 'model',
      default: 'instant',
      any: false,
      help: 'Whose published time to the first sound it keeps.',
    },
    speedOption(0.5, 2),
  ],
  capabilities: { streaming: false, voice_style: 'none' },
}
