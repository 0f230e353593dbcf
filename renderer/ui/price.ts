import type { PriceSnapshot } from '../../core/contract/index.ts'

const format = (least: number, most: number) =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  })
const CENTS = format(2, 2)
const SMALL = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 })
const TINY = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 })
const LIST = format(2, 6)

/** `$0.0012`, `$0.0432`, `$1.24`: as exact as the size of the sum allows. */
export function formatNanoUsd(nano_usd: number): string {
  const usd = nano_usd / 1e9
  if (usd === 0) return '$0'
  if (usd < 0.000_001) return '< $0.000001'
  if (usd < 0.01) return TINY.format(usd)
  return usd < 1 ? SMALL.format(usd) : CENTS.format(usd)
}

/** `$0.40 in, $1.60 out per 1M tokens`. */
export function priceText(price: PriceSnapshot): string {
  switch (price.per) {
    case 'million_tokens':
      return `${LIST.format(price.input_usd)} in, ${LIST.format(price.output_usd)} out per 1M tokens`
    case 'minute':
      return `${LIST.format(price.usd)} per minute`
    case 'million_characters':
      return `${LIST.format(price.usd)} per 1M characters`
  }
}

/** What the whole price says, and of when and from where it is. */
export const priceDetail = (price: PriceSnapshot): string =>
  [
    priceText(price),
    ...(price.per === 'million_tokens' && price.cached_input_usd !== undefined
      ? [`${LIST.format(price.cached_input_usd)} for input that is cached`]
      : []),
    ...(price.per === 'million_tokens' && price.audio_input_usd !== undefined
      ? [`${LIST.format(price.audio_input_usd)} for input that is sound`]
      : []),
    `as of ${price.as_of}, from ${price.source.replace(/^https?:\/\/(www\.)?/, '')}`,
  ].join('; ')
