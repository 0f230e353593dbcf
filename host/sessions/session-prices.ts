import type { PriceEntry } from '../../core/contract/providers.ts'
import { defaultModel, findProvider, type Provider, type ProviderKind } from '../../core/providers/index.ts'
import type { OwnPrice } from '../../core/store/providers.ts'
import type { Choice } from './fit-block.ts'

/** The prices of these choices as they are now, under the catalogue's id; an own one comes before the catalogue's. */
export function pricesOf(choices: readonly (Choice & { kind: ProviderKind })[], own: readonly OwnPrice[]): PriceEntry[] {
  const entries = choices.flatMap((choice) => priceOf(choice, own))
  const known = new Map(entries.map((entry) => [`${entry.kind} ${entry.provider} ${entry.model}`, entry]))
  return [...known.values()]
}

function priceOf({ kind, ...choice }: Choice & { kind: ProviderKind }, own: readonly OwnPrice[]): PriceEntry[] {
  const found = findProvider(kind, choice.provider)
  const provider = found?.id ?? choice.provider
  const model = choice.model ?? (found && defaultModel(found)) ?? ''
  const typed = own.find((entry) => entry.kind === kind && entry.provider === provider && entry.model === model)
  if (typed) return [{ ...typed, own: true }]
  const price = found && isOwnAddress(found, choice) ? found.models.find(({ id }) => id === model)?.price : undefined
  return price ? [{ kind, provider, model, price, own: false }] : []
}

/** Another server behind the same protocol has its own prices. */
const isOwnAddress = ({ base_url }: Provider, choice: Choice): boolean =>
  choice.base_url === undefined || trimmed(choice.base_url) === trimmed(base_url ?? '')
const trimmed = (address: string): string => address.replace(/\/+$/, '').toLowerCase()
