import type { Usage } from '../../../core/contract/index.ts'
import type { TurnView } from '../../../core/session/session-view.ts'

export const USAGE_COLUMNS = [
  'prompt_tokens',
  'cached_tokens',
  'completion_tokens',
  'tts_characters',
  'stt_audio_ms',
] as const satisfies readonly (keyof Usage)[]
export type UsageColumn = (typeof USAGE_COLUMNS)[number]

/** What the turns used together; a column that no turn has stays absent. */
export function usageTotal(turns: readonly Pick<TurnView, 'usage'>[]): Usage {
  const total: { [Column in UsageColumn]?: number } = {}
  for (const { usage } of turns) {
    for (const column of USAGE_COLUMNS) {
      const value = usage[column]
      if (value !== undefined) total[column] = (total[column] ?? 0) + value
    }
  }
  return total
}
