import { findProvider } from './find-provider.ts'
import type { NeededSecret, ProviderKind } from './provider.ts'

/** A kind's block of a document, as far as keys go. */
export type SecretBlock = Readonly<{
  provider: string
  base_url?: string | undefined
  api_key?: string | undefined
  api_secret?: string | undefined
}>

/** `named`: by the document itself; otherwise the provider's usual one. `needed`: nothing answers without it. */
export type BlockSecret = Readonly<{ key: NeededSecret['key']; reference: string; named: boolean; needed: boolean }>

/** The references that a block uses, whether it names them or the provider's usual ones are tried. */
export function blockSecrets(kind: ProviderKind, block: SecretBlock): readonly BlockSecret[] {
  const needs = findProvider(kind, block.provider)?.needs
  const usual = needs?.kind === 'secret' ? needs.secrets : []
  const needed = needsSecret(kind, block.provider, block.base_url)
  const keys = ['api_key', 'api_secret'] as const
  return keys.flatMap((key): BlockSecret[] => {
    const named = block[key]
    const reference = named ?? usual.find((secret) => secret.key === key)?.reference
    return reference === undefined ? [] : [{ key, reference, named: named !== undefined, needed: needed || named !== undefined }]
  })
}

/** The reference of the key that is tried when a document names none: `env:OPENAI_API_KEY`; nothing for providers without keys. */
export const defaultSecret = (kind: ProviderKind, provider: string): string | undefined =>
  blockSecrets(kind, { provider }).find(({ key }) => key === 'api_key')?.reference

/** Names and numbers that only this machine and its network know. */
const NEARBY =
  /^(?:[^.]*|.*\.(?:localhost|local|internal|lan)|\[::1\]|(?:127|10)(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/

/** Whether calls to this address cannot work without a key: servers on this machine and in its network need none. */
export function needsSecret(kind: ProviderKind, name: string, base_url: string | undefined): boolean {
  const provider = findProvider(kind, name)
  if (provider?.needs.kind !== 'secret') return false
  if (provider.needs.only_for === undefined) return true
  const address = base_url ?? provider.base_url ?? ''
  const host = /^(?:https?|wss?):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/i.exec(address)?.[1]?.toLowerCase() ?? ''
  return !NEARBY.test(host)
}
