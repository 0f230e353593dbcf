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

/** Cached tokens are a part of those of the prompt, and cost what all do where no other price is known. */
function tokenCost(price: Extract<PriceSnapshot, { per: 'million_tokens' }>, usage: Usage): number | undefined {
  const { prompt_tokens, completion_tokens, cached_tokens = 0 } = usage
  if (prompt_tokens === undefined && completion_tokens === undefined) return undefined
  const prompt = whole(prompt_tokens)
  const cached = least(whole(cached_tokens), prompt)
  const input = nano(price.input_usd)
  const cached_input = price.cached_input_usd === undefined ? input : nano(price.cached_input_usd)
  const total = (prompt - cached) * input + cached * cached_input + whole(completion_tokens) * nano(price.output_usd)
  return rounded(total, MILLION)
}

const costOfCount = (count: number | undefined, usd: number, per: bigint): number | undefined =>
  count === undefined ? undefined : rounded(whole(count) * nano(usd), per)

const nano = (usd: number): bigint => BigInt(Math.round(usd * 1e9))
const whole = (count = 0): bigint => BigInt(Math.max(0, Math.round(count)))
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other)
const rounded = (amount: bigint, per: bigint): number => Number((amount + per / 2n) / per)
