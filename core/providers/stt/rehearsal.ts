import type { SttProvider } from '../provider.ts'
import { speechPresetHelp, sttPresets } from '../rehearsal-presets.ts'

export const rehearsal: SttProvider<'rehearsal'> = {
  id: 'rehearsal',
  kind: 'stt',
  name: 'Rehearsal (no AI)',
  aliases: [],
  description:
    'Takes as long as a known STT. With a built-in model here you are really heard; without one, the next line of a script counts as said when you have spoken.',
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
