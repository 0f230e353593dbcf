import type { Price } from '../price.ts'

/** Prices of one list, in US dollars for a million tokens: read, read from the cache, written. */
export const priced =
  (as_of: string, source: string) =>
  (input_usd: number, cached_input_usd: number | undefined, output_usd: number): Extract<Price, { per: 'million_tokens' }> => ({
    per: 'million_tokens',
    input_usd,
    ...(cached_input_usd === undefined ? {} : { cached_input_usd }),
    output_usd,
    as_of,
    source,
  })
