import type { LocalModel } from '../../../core/contract/index.ts'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 })

/** `310 ms`, `2.4 s`. */
const milliseconds = (ms: number): string => (ms < 1000 ? `${whole.format(ms)} ms` : `${short.format(ms / 1000)} s`)

/** Work that takes as long as the sound itself, or longer, cannot keep up with a call. */
const realTime = (factor: number): string => `${short.format(1 / factor)}× real time`

/** What was measured on this machine, the figure that decides first; empty when nothing was. */
export function measureWords({ kind, measured }: Pick<LocalModel, 'kind' | 'measured'>): readonly string[] {
  if (!measured) return []
  const { real_time_factor, first_audio_ms, first_token_ms, tokens_per_second } = measured
  const words =
    kind === 'llm'
      ? [
          tokens_per_second !== undefined && `${short.format(tokens_per_second)} tokens/s`,
          first_token_ms !== undefined && `first token ${milliseconds(first_token_ms)}`,
        ]
      : [
          first_audio_ms !== undefined && `first audio ${milliseconds(first_audio_ms)}`,
          real_time_factor !== undefined && real_time_factor > 0 && realTime(real_time_factor),
        ]
  return words.filter((word) => word !== false)
}

/** Everything else that was measured, for the details. */
export function measureDetails({ measured }: Pick<LocalModel, 'measured'>): readonly string[] {
  if (!measured) return []
  const { load_ms, memory_mb, follows_fields, cases } = measured
  return [
    load_ms !== undefined && `loaded in ${milliseconds(load_ms)}`,
    memory_mb !== undefined && `${whole.format(memory_mb)} MB of memory`,
    follows_fields !== undefined && fieldsWords(follows_fields, cases),
  ].filter((word) => word !== false)
}

/** `follows the fields in 9 of 10 cases`. */
export const fieldsWords = (share: number, cases: number | undefined): string =>
  cases === undefined
    ? `follows the fields in ${whole.format(share * 100)} % of cases`
    : `follows the fields in ${whole.format(share * cases)} of ${cases} cases`

/** Slower than the sound itself: a caller would wait. */
export const isTooSlow = ({ measured }: Pick<LocalModel, 'measured'>): boolean => (measured?.real_time_factor ?? 0) > 1
