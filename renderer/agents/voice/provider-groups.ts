import { isLoopback, type Provider } from '../../../core/providers/index.ts'

export type ProviderGroup = 'machine' | 'key' | 'server'

export const GROUP_NAMES: Readonly<Record<ProviderGroup, string>> = {
  machine: 'On this machine',
  key: 'With a key',
  server: 'Any server',
}

/** Where a provider's answers come from, and so what has to be there first. */
export function groupOf({ network, base_url, needs }: Pick<Provider, 'network' | 'base_url' | 'needs'>): ProviderGroup {
  if (network === 'never' || isLoopback(base_url ?? '')) return 'machine'
  return needs.kind === 'secret' && needs.only_for === undefined ? 'key' : 'server'
}

/** Every word must occur in what a provider is called, does or offers. */
export function matchesSearch(provider: Provider, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [provider.id, provider.name, ...provider.aliases, provider.description, ...provider.models.map(({ id }) => id)]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

type Grouped<Item> = readonly Readonly<{ group: ProviderGroup; items: readonly Item[] }>[]

/** In the order of the catalogue within each group; groups without a provider are left out. */
export function groupProviders<Item extends Provider>(providers: readonly Item[]): Grouped<Item> {
  const groups: readonly ProviderGroup[] = ['machine', 'key', 'server']
  return groups
    .map((group) => ({ group, items: providers.filter((provider) => groupOf(provider) === group) }))
    .filter(({ items }) => items.length > 0)
}
