import type { PriceSnapshot } from '../contract/providers.ts'
import type { Usage } from '../contract/session-events.ts'

/**
 * What a usage costs in billionths of a US dollar, rounded to whole ones; whole numbers throughout, so that sums do not drift.
 * Nothing when the usage does not hold what the price is for.
 */
export function nanoUsd(price: PriceSnapshot, usage: Usage): number | undefined {
  switch (price.per) {
    case 'million_tokens':
      return tokenCost(price, usage)
    case 'minute':
      return costOfCount(usage.stt_audio_ms ?? usage.tts_audio_ms, price.usd, MS_PER_MINUTE)
    case 'million_characters':
      return costOfCount(usage.tts_characters, price.usd, MILLION)
  }
}

const MILLION = 1_000_000n
const MS_PER_MINUTE = 60_000n

/**
 * Cached tokens and tokens of sound are a part of those of the prompt, and cost what all do where no other price is known. What is
 * heard is new in every turn, so that nothing cached is sound.
 */
function tokenCost(price: Extract<PriceSnapshot, { per: 'million_tokens' }>, usage: Usage): number | undefined {
  if (usage.prompt_tokens === undefined && usage.completion_tokens === undefined) return undefined
  const prompt = whole(usage.prompt_tokens)
  const heard = least(whole(usage.audio_prompt_tokens), prompt)
  const cached = least(whole(usage.cached_tokens), prompt - heard)
  const completion = whole(usage.completion_tokens)
  const spoken = least(whole(usage.audio_completion_tokens), completion)
  const { input_usd, output_usd } = price
  const total =
    (prompt - heard - cached) * nano(input_usd) +
    heard * nano(price.audio_input_usd ?? input_usd) +
    cached * nano(price.cached_input_usd ?? input_usd) +
    (completion - spoken) * nano(output_usd) +
    spoken * nano(price.audio_output_usd ?? output_usd)
  return rounded(total, MILLION)
}

const costOfCount = (count: number | undefined, usd: number, per: bigint): number | undefined =>
  count === undefined ? undefined : rounded(whole(count) * nano(usd), per)

const nano = (usd: number): bigint => BigInt(Math.round(usd * 1e9))
const whole = (count = 0): bigint => BigInt(Math.max(0, Math.round(count)))
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other)
/** Nobody pays more than a number can hold. */
const rounded = (amount: bigint, per: bigint): number => Number(least((amount + per / 2n) / per, BigInt(Number.MAX_SAFE_INTEGER)))
