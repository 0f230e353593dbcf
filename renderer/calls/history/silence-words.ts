import type { SessionSummary } from '../../../core/contract/index.ts'
import { formatMs } from '../format.ts'

type Silence = Pick<SessionSummary, 'silence_p50_ms' | 'silence_sent'>

/** `p50 840 ms`; `p50 until sent 700 ms` where nobody told when the agent was heard. */
export const silenceWords = ({ silence_p50_ms, silence_sent }: Silence): string =>
  silence_p50_ms === undefined ? '' : `p50${silence_sent ? ' until sent' : ''} ${formatMs(silence_p50_ms)}`

export const longSilenceWords = ({ silence_p50_ms, silence_sent }: Silence): string =>
  silence_p50_ms === undefined
    ? ''
    : `silence p50 ${formatMs(silence_p50_ms)}${silence_sent ? ' until the first sound left (heard 80 to 200 ms later)' : ''}`
