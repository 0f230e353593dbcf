import type { PriceEntry, PriceSnapshot } from '../contract/providers.ts'
import type { CostPart } from '../contract/session-events.ts'
import { findProvider } from '../providers/find-provider.ts'
import { addUsage } from './add-usage.ts'
import { nanoUsd } from './nano-usd.ts'

/** What a provider did, before it is priced. */
export type Metered = Pick<CostPart, 'kind' | 'provider' | 'model' | 'usage' | 'estimated'>

/** One for each provider and model, in the order in which they first worked. */
export function gathered<Part extends Metered>(parts: readonly Part[]): Metered[] {
  const sums = new Map<string, Metered>()
  for (const { kind, provider, model, usage, estimated } of parts) {
    const key = keyOf({ kind, provider, model })
    const sum = sums.get(key) ?? { kind, provider, model, usage: {} }
    sums.set(key, { ...sum, usage: addUsage(sum.usage, usage), ...(estimated && { estimated }) })
  }
  return [...sums.values()]
}

export const keyOf = ({ kind, provider, model }: Pick<CostPart, 'kind' | 'provider' | 'model'>): string =>
  `${kind} ${provider} ${model}`

/** With the price as it is now: a later price changes nothing about what has been used. */
export function priced(part: Metered, prices: readonly PriceEntry[]): CostPart {
  if (isFree(part)) return { ...part, nano_usd: 0 }
  const price = priceOf(part, prices)
  if (!price) return part
  const nano_usd = nanoUsd(price, part.usage)
  return { ...part, price, ...(nano_usd === undefined ? {} : { nano_usd }) }
}

/** What never leaves this machine is paid with its electricity. */
const isFree = ({ kind, provider }: Metered): boolean => findProvider(kind, provider)?.network === 'never'

/** A person's own price comes before the catalogue's. */
function priceOf(part: Metered, prices: readonly PriceEntry[]): PriceSnapshot | undefined {
  const known = prices.filter((entry) => keyOf(entry) === keyOf(part))
  return (known.find(({ own }) => own) ?? known[0])?.price
}
