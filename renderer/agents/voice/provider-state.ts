import type { PriceEntry, PriceSnapshot, ProviderCheck, SecretState } from '../../../core/contract/index.ts'
import { blockSecrets, needsSecret, type NeededSecret, type Provider } from '../../../core/providers/index.ts'
import type { Block } from './slot.ts'

/** One key of a provider as a call would look for it. */
export type KeyNeed = Readonly<{
  key: NeededSecret['key']
  /** Absent: the document names none for an address that is not the provider’s own, so none is sent there. */
  reference?: string
  state: 'found' | 'missing' | 'not_needed' | 'unknown'
  kept_in?: SecretState['kept_in']
}>

/** The keys that a block's provider wants, and whether they are there. */
export function keyNeeds(provider: Provider, block: Block, secrets: readonly SecretState[] | undefined): readonly KeyNeed[] {
  if (provider.needs.kind !== 'secret') return []
  const [base_url, api_key, api_secret] = [textOf(block['base_url']), textOf(block['api_key']), textOf(block['api_secret'])]
  const needed = needsSecret(provider.kind, provider.id, base_url)
  const used = blockSecrets(provider.kind, { provider: provider.id, base_url, api_key, api_secret })
  return provider.needs.secrets.map(({ key }): KeyNeed => {
    const reference = used.find((secret) => secret.key === key)?.reference
    if (reference === undefined) return { key, state: needed ? 'missing' : 'not_needed' }
    const found = secrets?.find((secret) => secret.reference === reference && secret.present)
    if (found) return { key, reference, state: 'found', kept_in: found.kept_in }
    if (!needed && textOf(block[key]) === undefined) return { key, reference, state: 'not_needed' }
    return { key, reference, state: secrets ? 'missing' : 'unknown' }
  })
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** A person's own price comes before the catalogue's, which holds for the provider's own address only. */
export function priceOf(
  prices: readonly PriceEntry[],
  provider: Provider,
  model: string,
  base_url?: string,
): PriceSnapshot | undefined {
  const entries = prices.filter((one) => one.kind === provider.kind && one.provider === provider.id && one.model === model)
  const own = entries.find((entry) => entry.own)
  if (own || (base_url !== undefined && base_url !== provider.base_url)) return own?.price
  return entries[0]?.price ?? provider.models.find(({ id }) => id === model)?.price
}

/** The last check of exactly this choice. */
export const checkOf = (
  checks: readonly ProviderCheck[],
  provider: Provider,
  model: string,
  base_url: string | undefined,
): ProviderCheck | undefined =>
  checks.find(
    (one) =>
      one.kind === provider.kind &&
      one.provider === provider.id &&
      one.model === model &&
      (one.base_url ?? provider.base_url) === (base_url ?? provider.base_url),
  )
