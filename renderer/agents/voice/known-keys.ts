import type { DocumentJson, SecretState } from '../../../core/contract/index.ts'
import { isOwnSite, type Provider } from '../../../core/providers/index.ts'
import { withValueAt } from '../document-edit.ts'
import { keyNeeds, type KeyNeed } from './provider-state.ts'
import { secretName } from './secret-name.ts'
import { blockAt, providerAt, slotPath, type Slot } from './slot.ts'

/** Where a key of this provider is stored already, the block refers to it, so that nobody pastes it twice. */
export function withKnownKeys(content: DocumentJson, slot: Slot, secrets: readonly SecretState[] | undefined): DocumentJson {
  const provider = providerAt(content, slot)
  if (!provider) return content
  const block = blockAt(content, slot)
  const base_url = typeof block['base_url'] === 'string' ? block['base_url'] : undefined
  return keyNeeds(provider, block, secrets).reduce((now, need) => {
    const stored = need.state === 'missing' ? storedKey(provider, base_url, need.key, secrets) : undefined
    return stored === undefined ? now : withValueAt(now, [...slotPath(slot), need.key], stored)
  }, content)
}

/** Another address: a key that is kept for the old one is not sent there. The provider's own gets its key back. */
export function withAddress(
  content: DocumentJson,
  slot: Slot,
  base_url: string | undefined,
  secrets: readonly SecretState[] | undefined,
): DocumentJson {
  const provider = providerAt(content, slot)
  const addressed = withValueAt(content, [...slotPath(slot), 'base_url'], base_url)
  if (!provider) return addressed
  const block = blockAt(content, slot)
  const before = typeof block['base_url'] === 'string' ? block['base_url'] : undefined
  const dropped = (['api_key', 'api_secret'] as const).reduce((now, key) => {
    const name = secretName(provider, before, key)
    const isOfOld = block[key] === `secret:${name}` && secretName(provider, base_url, key) !== name
    return isOfOld ? withValueAt(now, [...slotPath(slot), key], undefined) : now
  }, addressed)
  return isOwnSite(provider, base_url) ? withKnownKeys(dropped, slot, secrets) : dropped
}

/** Whether a provider that is chosen now would have to be given a key first. */
export const lacksKey = (provider: Provider, secrets: readonly SecretState[] | undefined): boolean =>
  keyNeeds(provider, {}, secrets).some(
    ({ key, state }) => state === 'missing' && storedKey(provider, undefined, key, secrets) === undefined,
  )

function storedKey(
  provider: Provider,
  base_url: string | undefined,
  key: KeyNeed['key'],
  secrets: readonly SecretState[] | undefined,
): string | undefined {
  const reference = `secret:${secretName(provider, base_url, key)}`
  return secrets?.find((secret) => secret.reference === reference && secret.present)?.reference
}
