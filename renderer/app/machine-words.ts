import type { LocalModel } from '../../core/contract/index.ts'

/** What a call can do with the models of this machine, in a few words. */
export function machineWords(models: readonly Pick<LocalModel, 'kind' | 'installed'>[]): string {
  const has = (kind: LocalModel['kind']) => models.some((model) => model.kind === kind && model.installed)
  const [stt, llm, tts] = [has('stt'), has('llm'), has('tts')]
  if (stt && llm && tts) return 'Offline models are here'
  if (stt && tts) return 'Built-in speech is here'
  return stt || llm || tts ? 'Some offline models are here' : 'Offline models: not fetched'
}
