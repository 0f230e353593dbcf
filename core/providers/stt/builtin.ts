import type { SttProvider } from '../provider.ts'
import { languageOption, modelOption } from './stt-options.ts'

export const builtin: SttProvider<'builtin'> = {
  id: 'builtin',
  kind: 'stt',
  name: 'Built-in speech recognition',
  aliases: [],
  description:
    'A model on this machine, offline: Whisper tiny to begin with, good enough to try an agent; more under Models & keys.',
  is_ai: true,
  network: 'never',
  needs: { kind: 'models', set_id: 'speech' },
  documentation: 'https://k2-fsa.github.io/sherpa/onnx/pretrained_models/index.html',
  models: [
    {
      id: 'whisper-tiny.en',
      label: 'Whisper tiny (English)',
      help: '43 MB, about 0.1 s for a short sentence',
      languages: ['en'],
    },
  ],
  options: [modelOption('whisper-tiny.en'), languageOption],
  capabilities: { streaming: true, interim: true, languages: 'many' },
}
