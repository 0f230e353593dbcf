import type { DocumentJson, SecretState } from '../../../core/contract/index.ts'
import { withValueAt } from '../document-edit.ts'
import { keyNeeds } from './provider-state.ts'
import { secretName } from './secret-name.ts'
import { blockAt, providerAt, slotPath, type Slot } from './slot.ts'

/** Where a key of this provider is stored already, the block refers to it, so that nobody pastes it twice. */
export function withKnownKeys(content: DocumentJson, slot: Slot, secrets: readonly SecretState[] | undefined): DocumentJson {
  const provider = providerAt(content, slot)
  if (!provider) return content
  const block = blockAt(content, slot)
  const base_url = typeof block['base_url'] === 'string' ? block['base_url'] : undefined
  return keyNeeds(provider, block, secrets).reduce((now, { key, state }) => {
    const reference = `secret:${secretName(provider, base_url, key)}`
    const stored = secrets?.some((secret) => secret.reference === reference && secret.present)
    return state === 'missing' && stored ? withValueAt(now, [...slotPath(slot), key], reference) : now
  }, content)
}
