import { addUsage } from '../../../core/cost/add-usage.ts'
import type { Usage } from '../../../core/contract/index.ts'
import type { TurnView } from '../../../core/session/session-view.ts'
import { formatCount, formatSeconds } from '../format.ts'

export const USAGE_COLUMNS = [
  'prompt_tokens',
  'cached_tokens',
  'completion_tokens',
  'tts_characters',
  'tts_audio_ms',
  'stt_audio_ms',
] as const satisfies readonly (keyof Usage)[]
export type UsageColumn = (typeof USAGE_COLUMNS)[number]

/** What the turns used together; a column that no turn has stays absent. */
export const usageTotal = (turns: readonly Pick<TurnView, 'usage'>[]): Usage =>
  turns.reduce<Usage>((sum, { usage }) => addUsage(sum, usage), {})

export function usageNumber(column: UsageColumn, value: number | undefined): string {
  if (value === undefined) return '–'
  return column === 'stt_audio_ms' || column === 'tts_audio_ms' ? formatSeconds(value) : formatCount(value)
}

const UNITS: Readonly<Record<UsageColumn, string>> = {
  prompt_tokens: 'tokens read',
  cached_tokens: 'of them cached',
  completion_tokens: 'tokens written',
  tts_characters: 'characters',
  tts_audio_ms: 'spoken',
  stt_audio_ms: 'heard',
}

/** `1,200 tokens read, 600 of them cached, 80 tokens written`. */
export const usageWords = (usage: Usage): string =>
  USAGE_COLUMNS.flatMap((column) => {
    const value = usage[column]
    return value === undefined || value === 0 ? [] : [`${usageNumber(column, value)} ${UNITS[column]}`]
  }).join(', ')
