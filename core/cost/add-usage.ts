import type { Usage } from '../contract/session-events.ts'

const COUNTS = [
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'audio_prompt_tokens',
  'audio_completion_tokens',
  'tts_characters',
  'tts_audio_ms',
  'stt_audio_ms',
] as const satisfies readonly (keyof Usage)[]

/** What is in one of them is in the sum; what is in neither stays absent. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum: { -readonly [Count in keyof Usage]: number } = {}
  for (const count of COUNTS) {
    if (one[count] !== undefined || other[count] !== undefined) sum[count] = (one[count] ?? 0) + (other[count] ?? 0)
  }
  return sum
}
