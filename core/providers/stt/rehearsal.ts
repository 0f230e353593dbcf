import type { SttProvider } from '../provider.ts'
import { speechPresetHelp, sttPresets } from '../rehearsal-presets.ts'

export const rehearsal: SttProvider<'rehearsal'> = {
  id: 'rehearsal',
  kind: 'stt',
  name: 'Rehearsal (no AI)',
  aliases: [],
  description:
    'Takes as long as a known STT. Real voice detection notices that you have finished; the next line of a script, or what you typed, counts as said. Where the built-in speech is installed it is heard for real.',
  is_ai: false,
  network: 'never',
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/pipecat-ai/stt-benchmark',
  models: sttPresets.map((preset) => ({
    id: preset.id,
    label: preset.name,
    help: speechPresetHelp(preset, 'transcript after the end of speech'),
  })),
  options: [
    {
      key: 'model',
      label: 'Pace of',
      type: 'model',
      default: 'instant',
      any: false,
      help: 'Whose published time from the end of speech to the transcript it keeps.',
    },
  ],
  capabilities: { streaming: false, interim: false, languages: 'any' },
}
