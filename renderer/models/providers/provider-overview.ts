import type { ProviderCheck, SecretState } from '../../../core/contract/index.ts'
import { isLoopback, listProviders, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import type { Tone } from '../../ui/badge.tsx'
import { bestCheckOf, verifiedWords } from '../../ui/check-words.ts'

export const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** One provider by its name, with all the kinds that it has. */
export type ProviderRow = Readonly<{
  id: string
  name: string
  kinds: Readonly<Partial<Record<ProviderKind, Provider>>>
  /** `missing`: the name under which the first absent key would be kept. */
  key: Readonly<{ tone: Tone; label: string; detail: string; missing: string | undefined }>
}>

/** All of the catalogue in the order of their names; those that run on this machine come first. */
export function providerRows(secrets: readonly SecretState[], query: string): readonly ProviderRow[] {
  const all = KINDS.flatMap((kind): readonly Provider[] => listProviders(kind))
  const rows = [...new Set(all.map(({ id }) => id))].flatMap((id): ProviderRow[] => {
    const own = all.filter((provider) => provider.id === id)
    const [first] = own
    if (!first || !matches(own, query)) return []
    return [
      {
        id,
        name: commonName(own.map(({ name }) => name)),
        kinds: Object.fromEntries(own.map((one) => [one.kind, one])),
        key: keyOf(own, secrets),
      },
    ]
  })
  return [...rows].sort((a, b) => Number(isHere(b)) - Number(isHere(a)) || a.name.localeCompare(b.name))
}

/** `Built-in speech recognition`, `Built-in voices` → `Built-in`: what all kinds are called. */
export function commonName(names: readonly string[]): string {
  const [first = '', ...others] = names
  const words = first.split(' ')
  const shared = words.findIndex((word, at) => others.some((name) => name.split(' ')[at] !== word))
  return shared > 0 ? words.slice(0, shared).join(' ') : first
}

const isHere = ({ kinds }: ProviderRow): boolean =>
  Object.values(kinds).some(({ network, base_url }) => network === 'never' || isLoopback(base_url ?? ''))

function matches(providers: readonly Provider[], query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const text = providers
    .flatMap(({ id, name, aliases, description, kind }) => [id, name, ...aliases, description, kind])
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

function keyOf(providers: readonly Provider[], secrets: readonly SecretState[]): ProviderRow['key'] {
  const needs = providers.map((provider) => provider.needs)
  const asked = needs.find((need) => need.kind === 'secret')
  if (!asked) {
    const models = needs.some(({ kind }) => kind === 'models')
    return {
      tone: 'plain',
      label: models ? 'models of this machine' : 'not needed',
      detail: 'No key is needed',
      missing: undefined,
    }
  }
  const references = [
    ...new Set(needs.flatMap((need) => (need.kind === 'secret' ? need.secrets.map((one) => one.reference) : []))),
  ]
  const absent = references.filter((reference) => !secrets.some((secret) => secret.reference === reference && secret.present))
  if (absent.length === 0) return { tone: 'good', label: 'key found', detail: references.join(', '), missing: undefined }
  if (asked.only_for !== undefined)
    return {
      tone: 'plain',
      label: 'not needed nearby',
      detail: 'Servers of this machine and its network need no key',
      missing: undefined,
    }
  return {
    tone: 'warn',
    label: 'no key',
    detail: `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not there`,
    missing: absent[0]?.slice('env:'.length),
  }
}

export type KindState = Readonly<{ tone: Tone; label: string; check?: ProviderCheck }>

/** What is known of one kind of a provider: how quick it was, or that it has never been seen to work. */
export function kindState(provider: Provider, checks: readonly ProviderCheck[]): KindState {
  const check = bestCheckOf(checks, provider)
  const words = verifiedWords(provider, check) ?? { tone: 'plain' as const, label: 'runs here' }
  return { ...words, ...(check && { check }) }
}
