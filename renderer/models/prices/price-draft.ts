import type { PriceEntry, PriceSnapshot } from '../../../core/contract/index.ts'

export type PriceUnit = PriceSnapshot['per']

/** A price as it is being typed. */
export type PriceDraft = Readonly<{
  per: PriceUnit
  /** For what is read, or for the unit as a whole. */
  amount: string
  cached: string
  output: string
  as_of: string
  source: string
}>
export type DraftProblems = Readonly<Partial<Record<'amount' | 'cached' | 'output', string>>>

export const UNIT_NAMES: Readonly<Record<PriceUnit, string>> = {
  million_tokens: '1M tokens',
  minute: 'minute of audio',
  million_characters: '1M characters',
}

/** How a kind is paid; LLMs by tokens alone, speech by any. */
export const unitsOf = (kind: PriceEntry['kind']): readonly PriceUnit[] =>
  kind === 'llm'
    ? ['million_tokens']
    : kind === 'stt'
      ? ['minute', 'million_tokens']
      : ['million_characters', 'minute', 'million_tokens']

/** From a price that is there; `month` (`2026-11`) is when this one is typed. */
export function draftOf(kind: PriceEntry['kind'], price: PriceSnapshot | undefined, month: string): PriceDraft {
  const empty = { amount: '', cached: '', output: '', as_of: month, source: '' }
  if (!price) return { ...empty, per: unitsOf(kind)[0] ?? 'million_tokens' }
  const { per } = price
  if (per !== 'million_tokens') return { ...empty, per, amount: String(price.usd) }
  const cached = price.cached_input_usd === undefined ? '' : String(price.cached_input_usd)
  return { ...empty, per, amount: String(price.input_usd), cached, output: String(price.output_usd) }
}

/** Dollars as people type them; undefined: not a number, or less than nothing. */
export function dollars(text: string): number | undefined {
  const clean = text.trim().replace(/^\$/, '').replace(',', '.')
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(clean)) return undefined
  return Number(clean)
}

const NOT_A_NUMBER = 'An amount in dollars, such as 0.15'

export function readDraft(draft: PriceDraft): Readonly<{ price: PriceSnapshot } | { problems: DraftProblems }> {
  const { per, as_of, source } = draft
  const of = { as_of: as_of.trim(), source: source.trim() || 'own price' }
  const amount = dollars(draft.amount)
  if (per !== 'million_tokens') {
    return amount === undefined ? { problems: { amount: NOT_A_NUMBER } } : { price: { per, usd: amount, ...of } }
  }
  const output = dollars(draft.output)
  const cached = draft.cached.trim() === '' ? undefined : dollars(draft.cached)
  const badCached = draft.cached.trim() !== '' && cached === undefined
  if (amount === undefined || output === undefined || badCached) {
    return {
      problems: {
        ...(amount === undefined && { amount: NOT_A_NUMBER }),
        ...(output === undefined && { output: NOT_A_NUMBER }),
        ...(badCached && { cached: NOT_A_NUMBER }),
      },
    }
  }
  return {
    price: { per, input_usd: amount, output_usd: output, ...(cached !== undefined && { cached_input_usd: cached }), ...of },
  }
}
