import type { PriceEntry, PriceSnapshot } from '../../../core/contract/index.ts'

export type PriceUnit = PriceSnapshot['per']
type Tokens = Extract<PriceSnapshot, { per: 'million_tokens' }>

/** Each amount of dollars that a price may have; `usd` where it has one alone. */
export type Amount = 'usd' | Exclude<keyof Tokens, 'per' | 'as_of' | 'source'>

/** A price as it is being typed. */
export type PriceDraft = Readonly<{
  per: PriceUnit
  amounts: Readonly<Partial<Record<Amount, string>>>
  /** Sound among the tokens has a price of its own. */
  sound: boolean
  as_of: string
  source: string
}>
export type DraftProblems = Readonly<Partial<Record<Amount, string>>>

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

export type AmountField = Readonly<{ key: Amount; label: string; placeholder: string; optional: boolean }>

/** What has to be typed for a price of this unit. */
export function amountFields({ per, sound }: Pick<PriceDraft, 'per' | 'sound'>): readonly AmountField[] {
  if (per !== 'million_tokens') return [{ key: 'usd', label: 'Dollars', placeholder: '0.0043', optional: false }]
  return [
    { key: 'input_usd', label: 'Read', placeholder: '0.15', optional: false },
    { key: 'cached_input_usd', label: 'Cached', placeholder: 'as read', optional: true },
    { key: 'output_usd', label: 'Written', placeholder: '0.60', optional: false },
    ...(sound
      ? ([
          { key: 'audio_input_usd', label: 'Heard', placeholder: 'as read', optional: true },
          { key: 'audio_output_usd', label: 'Spoken', placeholder: 'as written', optional: true },
        ] as const)
      : []),
  ]
}

/** From a price that is there; `month` (`2026-11`) is when this one is typed. */
export function draftOf(kind: PriceEntry['kind'], price: PriceSnapshot | undefined, month: string): PriceDraft {
  const empty: PriceDraft = { per: unitsOf(kind)[0] ?? 'million_tokens', amounts: {}, sound: false, as_of: month, source: '' }
  if (!price) return empty
  if (price.per !== 'million_tokens') return { ...empty, per: price.per, amounts: { usd: String(price.usd) } }
  const sound = price.audio_input_usd !== undefined || price.audio_output_usd !== undefined
  const amounts = amountFields({ per: price.per, sound }).flatMap(({ key }) => {
    const amount = key === 'usd' ? undefined : price[key]
    return amount === undefined ? [] : [[key, String(amount)] as const]
  })
  return { ...empty, per: price.per, sound, amounts: Object.fromEntries(amounts) }
}

/** Dollars as people type them; undefined: not a number, or less than nothing. */
export function dollars(text: string): number | undefined {
  const clean = text.trim().replace(/^\$/, '').replace(',', '.')
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(clean)) return undefined
  return Number(clean)
}

export function readDraft(draft: PriceDraft): Readonly<{ price: PriceSnapshot } | { problems: DraftProblems }> {
  const fields = amountFields(draft)
  const typed = (key: Amount) => draft.amounts[key]?.trim() ?? ''
  const wrong = fields.filter(({ key, optional }) => !(optional && typed(key) === '') && dollars(typed(key)) === undefined)
  if (wrong.length > 0) {
    return { problems: Object.fromEntries(wrong.map(({ key }) => [key, 'An amount in dollars, such as 0.15'])) }
  }
  const of = { as_of: draft.as_of.trim(), source: draft.source.trim() || 'own price' }
  const amount = (key: Amount) => dollars(typed(key)) ?? 0
  if (draft.per !== 'million_tokens') return { price: { per: draft.per, usd: amount('usd'), ...of } }
  const some = fields.filter(({ key, optional }) => optional && typed(key) !== '').map(({ key }) => [key, amount(key)] as const)
  const optional: Partial<Record<Amount, number>> = Object.fromEntries(some)
  return { price: { per: draft.per, input_usd: amount('input_usd'), output_usd: amount('output_usd'), ...optional, ...of } }
}
