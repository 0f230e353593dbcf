import type { DocumentJson, LocalServer } from '../../../core/contract/index.ts'
import {
  findProvider,
  listProviders,
  type Provider,
  type ProviderKind,
  type ProviderOption,
} from '../../../core/providers/index.ts'
import { withValueAt, type JsonValue } from '../document-edit.ts'
import { groupOf } from './provider-groups.ts'
import { blockAt, providerAt, slotPath, type Slot } from './slot.ts'

/** Keys that name something of one provider and mean nothing to the next. */
const OWN = new Set(['model', 'base_url', 'api_key', 'api_secret', 'voice_id', 'voice_name'])

/** Another provider keeps what both understand and drops what only the old one did; keys that no provider declares stay. */
export function switchProvider(content: DocumentJson, slot: Slot, id: string): DocumentJson {
  const old = providerAt(content, slot)
  const next = findProvider(slot.kind, id)
  const shared = new Set(next?.options.map(({ key }) => key))
  const oldOnly = new Set(old?.options.map(({ key }) => key).filter((key) => !shared.has(key)))
  const kept = Object.entries(blockAt(content, slot)).filter(([key]) => key !== 'provider' && !OWN.has(key) && !oldOnly.has(key))
  return withValueAt(content, slotPath(slot), { provider: id, ...Object.fromEntries(kept) })
}

/** The agent on a server of this machine, with the first model that is not for embeddings. */
export function connectServer(content: DocumentJson, slot: Slot, server: LocalServer): DocumentJson {
  const provider = providerOfServer(slot.kind, server.base_url)
  if (!provider) return content
  const model = server.models.find((name) => !/embed|rerank/i.test(name))
  const switched = switchProvider(content, slot, provider.id)
  const addressed =
    provider.base_url === server.base_url ? switched : withValueAt(switched, [...slotPath(slot), 'base_url'], server.base_url)
  return model ? withValueAt(addressed, [...slotPath(slot), 'model'], model) : addressed
}

/** The provider whose usual address it is, else the first that takes any. */
const providerOfServer = (kind: ProviderKind, base_url: string): Provider | undefined => {
  const all: readonly Provider[] = listOf(kind)
  return all.find((one) => one.base_url === base_url) ?? all.find((one) => groupOf(one) === 'server')
}

/** Typed by kind, so that the overloads of the catalogue fit. */
export function listOf(kind: ProviderKind): readonly Provider[] {
  switch (kind) {
    case 'stt':
      return listProviders('stt')
    case 'llm':
      return listProviders('llm')
    case 'tts':
      return listProviders('tts')
  }
}

/** What is typed for an option: numbers as numbers, nothing removes the key; text that is no number stays, so that the error shows. */
export function parseOption(option: ProviderOption, text: string): JsonValue | undefined {
  if (text === '') return undefined
  if (option.type !== 'int' && option.type !== 'float') return text
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
