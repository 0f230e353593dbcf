import type { PriceEntry, PriceSnapshot, ProviderCheck } from '../contract/providers.ts'
import type { TenantScope } from './scope.ts'

/** A price that a person typed in. */
export type OwnPrice = Omit<PriceEntry, 'own'>
/** What a price is of. */
export type PricedModel = Pick<PriceEntry, 'kind' | 'provider' | 'model'>

export type ProviderReads = Readonly<{
  prices: (scope: TenantScope) => Promise<readonly OwnPrice[]>
  /** The last one of each model at each address, newest first; `passed_at` is of the last one that passed. */
  checks: (scope: TenantScope) => Promise<readonly ProviderCheck[]>
}>

export type ProviderChange =
  /** Null removes. */
  | Readonly<{ kind: 'price.set'; of: PricedModel; price: PriceSnapshot | null }>
  /** In place of the one before of the same model at the same address. */
  | Readonly<{ kind: 'check.keep'; check: ProviderCheck }>
