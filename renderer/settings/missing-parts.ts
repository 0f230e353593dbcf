import type { LocalModel } from '../../core/contract/index.ts'

const PARTS = [
  ['stt', 'hearing'],
  ['llm', 'thinking'],
  ['tts', 'speaking'],
] as const

/** The parts of a call for which no model is on this machine. */
export const missingParts = (models: readonly Pick<LocalModel, 'kind' | 'installed'>[]): readonly string[] =>
  PARTS.filter(([kind]) => !models.some((model) => model.kind === kind && model.installed)).map(([, part]) => part)
