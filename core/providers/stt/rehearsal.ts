import type { SttProvider } from '../provider.ts'

export const rehearsal: SttProvider<'rehearsal'> = {
  id: 'rehearsal',
  kind: 'stt',
  name: 'Rehearsal (no AI)',
  aliases: [],
  description:
    'Understands nothing: real voice detection notices that you have finished, and the next line of a script (or what you typed) counts as said.',
  is_ai: false,
  network: 'never',
  needs: { kind: 'nothing' },
  documentation: 'https://github.com/pipecat-ai/stt-benchmark',
  models: [],
  options: [],
  capabilities: { streaming: false, interim: false, languages: 'any' },
}
