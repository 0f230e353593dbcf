import type { PriceEntry, PriceSnapshot } from '../../../core/contract/index.ts'
import { findProvider } from '../../../core/providers/index.ts'

export type PriceFilter = Readonly<{ query: string; kind: PriceEntry['kind'] | 'all'; own: boolean }>
export const noPriceFilter: PriceFilter = { query: '', kind: 'all', own: false }

export type PriceRow = Readonly<{ entry: PriceEntry; provider: string; label: string; key: string }>

/** Own prices first, then by provider and model; every word is looked for in either, and in the source. */
export function priceRows(prices: readonly PriceEntry[], { query, kind, own }: PriceFilter): readonly PriceRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return prices
    .filter((entry) => (kind === 'all' || entry.kind === kind) && (!own || entry.own))
    .map(rowOf)
    .filter(({ entry, provider, label }) => {
      const text = [entry.provider, provider, entry.model, label, entry.price.source].join(' ').toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => Number(b.entry.own) - Number(a.entry.own) || a.provider.localeCompare(b.provider) || compareModels(a, b))
}

const compareModels = (a: PriceRow, b: PriceRow) => a.entry.model.localeCompare(b.entry.model, 'en', { numeric: true })

function rowOf(entry: PriceEntry): PriceRow {
  const provider = findProvider(entry.kind, entry.provider)
  return {
    entry,
    provider: provider?.name ?? entry.provider,
    label: provider?.models.find(({ id }) => id === entry.model)?.label ?? entry.model,
    key: `${entry.kind} ${entry.provider} ${entry.model}`,
  }
}

/** What the catalogue says of the model; undefined when it knows no price. */
export const cataloguePrice = ({
  kind,
  provider,
  model,
}: Pick<PriceEntry, 'kind' | 'provider' | 'model'>): PriceSnapshot | undefined =>
  findProvider(kind, provider)?.models.find(({ id }) => id === model)?.price
