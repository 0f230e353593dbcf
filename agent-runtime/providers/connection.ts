import { blockSecrets, defaultModel, findProvider, type ProviderKind, type SecretBlock } from '../../core/providers/index.ts'
import type { ProviderFailureContext } from './provider-failure.ts'

type Block = SecretBlock & Readonly<{ model?: string | undefined }>

/** A provider as a block of the document names it, with the keys that the host resolved. */
export type Connection = Readonly<{
  base_url: string
  key: string | undefined
  secret: string | undefined
  model: string
  context: ProviderFailureContext
}>

export function connectionOf(kind: ProviderKind, block: Block, secrets: Readonly<Record<string, string>>): Connection {
  const provider = findProvider(kind, block.provider)
  const base_url = (block.base_url ?? provider?.base_url ?? '').replace(/\/+$/, '')
  const references = blockSecrets(kind, block)
  const api_key = references.find(({ key }) => key === 'api_key')
  const api_secret = references.find(({ key }) => key === 'api_secret')
  const key = valueOf(api_key?.reference, secrets)
  const secret = valueOf(api_secret?.reference, secrets)
  const model = block.model ?? (provider && defaultModel(provider)) ?? ''
  const reference = api_key?.needed ? api_key.reference : undefined
  return {
    base_url,
    key,
    secret,
    model,
    context: {
      kind,
      name: provider?.name ?? block.provider,
      model,
      base_url,
      key_reference: reference,
      key_given: key !== undefined,
      keys: [key, secret].filter((value) => value !== undefined),
    },
  }
}

const valueOf = (reference: string | undefined, secrets: Readonly<Record<string, string>>) =>
  reference === undefined ? undefined : secrets[reference] || undefined
