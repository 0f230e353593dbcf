import type { PriceEntry } from '../../core/contract/providers.ts'
import { listProviders, type ProviderKind } from '../../core/providers/index.ts'
import type { OwnPrice } from '../../core/store/providers.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** The catalogue's prices, each behind the own one for the same model, and own ones for models of no catalogue. */
export function allPrices(own: readonly OwnPrice[]): PriceEntry[] {
  const listed = KINDS.flatMap((kind) => listProviders(kind)).flatMap(({ kind, id, models }) =>
    models.flatMap(({ id: model, price }): PriceEntry[] => (price ? [{ kind, provider: id, model, price, own: false }] : [])),
  )
  const typed = own.map((entry): PriceEntry => ({ ...entry, own: true }))
  return [...listed.filter((entry) => !typed.some((one) => isSameModel(one, entry))), ...typed]
}

const isSameModel = (a: OwnPrice, b: OwnPrice): boolean => a.kind === b.kind && a.provider === b.provider && a.model === b.model
