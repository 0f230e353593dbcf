import type { SecretState } from '../../../core/contract/index.ts'
import { listProviders, type Provider, type ProviderKind } from '../../../core/providers/index.ts'

const KINDS: readonly ProviderKind[] = ['llm', 'stt', 'tts']
const providers = (): readonly Provider[] => KINDS.flatMap((kind): readonly Provider[] => listProviders(kind))

const usualKeys = (provider: Provider) => (provider.needs.kind === 'secret' ? provider.needs.secrets : [])
const nameOf = (reference: string) => reference.slice(reference.indexOf(':') + 1)
const unique = (items: readonly string[]) => [...new Set(items)]

/** The references that providers try when an agent names none. */
export const usualReferences = (): readonly string[] =>
  unique(providers().flatMap((provider) => usualKeys(provider).map(({ reference }) => reference))).sort()

/** Names of the providers that a key opens: those that ask for its name, and those that it is called after. */
export function openedBy(reference: string): readonly string[] {
  const name = nameOf(reference)
  const opens = (provider: Provider) =>
    usualKeys(provider).some(
      ({ key, reference: usual }) =>
        usual === reference ||
        (reference.startsWith('secret:') &&
          (usual === `env:${name}` || name === (key === 'api_secret' ? `${provider.id}-secret` : provider.id))),
    )
  return unique(
    providers()
      .filter(opens)
      .map((provider) => provider.name),
  )
}

export type KeyRow = Readonly<{
  state: SecretState
  name: string
  opens: readonly string[]
  /** Kept by Greenroom itself. */ own: boolean
}>

/** Keys that are kept here, then those that the environment brings along. */
export function keyRows(secrets: readonly SecretState[]): readonly KeyRow[] {
  const row = (state: SecretState): KeyRow => ({
    state,
    name: nameOf(state.reference),
    opens: openedBy(state.reference),
    own: state.reference.startsWith('secret:'),
  })
  const own = secrets.filter(({ reference }) => reference.startsWith('secret:')).map(row)
  const around = secrets.filter(({ kept_in }) => kept_in === 'environment').map(row)
  const byName = (a: KeyRow, b: KeyRow) => a.name.localeCompare(b.name)
  return [...own.sort(byName), ...around.sort(byName)]
}

export type KeyChoice = Readonly<{ value: string; label: string }>

/** What a key may be for. Kept under the variable's own name, it opens every agent that names no other key. */
export const keyChoices = (): readonly KeyChoice[] =>
  usualReferences()
    .map((reference) => ({ value: nameOf(reference), label: `${openedBy(reference).join(', ')} · ${nameOf(reference)}` }))
    .sort((a, b) => a.label.localeCompare(b.label))
