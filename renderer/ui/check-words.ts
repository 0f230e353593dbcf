import type { CheckStep, ProviderCheck } from '../../core/contract/index.ts'
import type { Provider } from '../../core/providers/index.ts'
import type { Tone } from './badge.tsx'

/** The check that tells most about a provider as a whole: the newest that passed, else the newest. */
export function bestCheckOf(checks: readonly ProviderCheck[], provider: Provider): ProviderCheck | undefined {
  const own = checks.filter((one) => one.kind === provider.kind && one.provider === provider.id).sort((a, b) => b.at - a.at)
  return own.find(({ ok }) => ok) ?? own[0]
}

type Verified = Readonly<{ tone: Tone; label: string }>

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** `312 ms`, `8.2 s`. */
export const durationText = (ms: number): string => (ms < 5000 ? `${whole.format(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** `first token 312 ms`: the one figure that a caller waits for. */
export function latencyText(check: ProviderCheck): string | undefined {
  const { first_token_ms, first_audio_ms, transcription_delay_ms } = check
  if (first_token_ms !== undefined) return `first token ${durationText(first_token_ms)}`
  if (first_audio_ms !== undefined) return `first audio ${durationText(first_audio_ms)}`
  if (transcription_delay_ms !== undefined) return `transcript ${durationText(transcription_delay_ms)}`
  return undefined
}

/** Whether a provider has ever shown here that it works; what makes no request to anybody needs no proof. */
export function verifiedWords(provider: Provider, check: ProviderCheck | undefined): Verified | undefined {
  if (check?.ok) return { tone: 'good', label: latencyText(check) ?? 'checked' }
  if (check?.passed_at !== undefined) return { tone: 'warn', label: 'last check failed' }
  if (check) return { tone: 'bad', label: 'check failed' }
  return provider.network === 'never' ? undefined : { tone: 'plain', label: 'not verified live' }
}

const STEP_NAMES: Readonly<Record<CheckStep['step'], string>> = {
  key: 'Key',
  model: 'Model',
  answer: 'Answer',
  structured_output: 'Structured output',
  voice: 'Voice',
}
export const stepName = ({ step }: Pick<CheckStep, 'step'>): string => STEP_NAMES[step]
