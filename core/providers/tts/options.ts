import type { Choice, ProviderOption } from '../provider.ts'

/** `any`: the server may know more voices than are listed here. */
export const voiceOption = (choices: readonly Choice[], first: string, any = false): ProviderOption => ({
  key: 'voice_id',
  label: 'Voice',
  type: 'choice',
  default: first,
  any,
  choices,
  help: any ? 'Any voice that the server knows.' : 'What comes with it.',
})

export const modelOption = (first?: string): ProviderOption => ({
  key: 'model',
  label: 'Model',
  type: 'model',
  ...(first === undefined ? {} : { default: first }),
  any: true,
  help: 'Any name that the server knows.',
})

export const speedOption = (min: number, max: number): ProviderOption => ({
  key: 'speed',
  label: 'Speed',
  type: 'float',
  min,
  max,
  step: 0.05,
  default: 1,
  help: '1 is the voice’s own pace.',
})

/** ISO 639-1, or `auto` where the provider finds the language itself. */
export const languageOption = (first: string): ProviderOption => ({
  key: 'language',
  label: 'Language',
  type: 'text',
  default: first,
  placeholder: first,
  advanced: true,
  help: 'A code such as en or de, for voices that speak several.',
})

export const instructionField: ProviderOption = {
  key: 'instruction_field',
  label: 'Voice style from',
  type: 'text',
  default: 'voice_instructions',
  advanced: true,
  help: 'The field whose value says how the voice sounds; it has to stand before the spoken one.',
}

/** How long a caller waits in silence for the first sound of a clause, and between two pieces of it. */
export const PATIENCE_MS = 10_000

export const patienceOption: ProviderOption = {
  key: 'timeout_ms',
  label: 'Patience',
  type: 'int',
  min: 500,
  max: 120_000,
  step: 500,
  default: PATIENCE_MS,
  unit: 'ms',
  advanced: true,
  help: 'How long it may be silent before that is an error; a local server may take longer for its first words.',
}

export const named = (ids: readonly string[]): readonly Choice[] =>
  ids.map((value) => ({ value, label: `${value.charAt(0).toUpperCase()}${value.slice(1)}` }))
