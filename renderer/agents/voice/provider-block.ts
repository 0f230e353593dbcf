import type { DocumentJson, LocalServer } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'
import {
  defaultSecret,
  findProvider,
  type Provider,
  type ProviderKind,
  type ProviderOption,
} from '../../../core/providers/index.ts'
import { textAt, valueAt, withValueAt, type JsonValue } from '../document-edit.ts'

export const BLOCKS = { stt: 'stt_config', llm: 'llm_config', tts: 'tts_config' } as const

/** What a document without a choice gets; the same as in the document's schema. */
const DEFAULTS: Readonly<Record<ProviderKind, string>> = { stt: 'builtin', llm: 'rehearsal', tts: 'builtin' }

export const providerOf = (content: DocumentJson, kind: ProviderKind): string =>
  textAt(content, [BLOCKS[kind], 'provider']) || DEFAULTS[kind]

const block = (content: DocumentJson, kind: ProviderKind): { readonly [key: string]: JsonValue } => {
  const value = valueAt(content, [BLOCKS[kind]])
  return isObject(value) ? value : {}
}
const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)

/** Keys that name something of one provider and mean nothing to the next. */
const OWN = new Set(['model', 'base_url', 'api_key', 'voice_id', 'voice_name'])

/** Another provider keeps what both understand and drops what only the old one did; keys that no provider declares stay. */
export function switchProvider(content: DocumentJson, kind: ProviderKind, id: string): DocumentJson {
  const old = findProvider(kind, providerOf(content, kind))
  const next = findProvider(kind, id)
  const shared = new Set(next?.options.map(({ key }) => key))
  const oldOnly = new Set(old?.options.map(({ key }) => key).filter((key) => !shared.has(key)))
  const kept = Object.entries(block(content, kind)).filter(([key]) => key !== 'provider' && !OWN.has(key) && !oldOnly.has(key))
  return withValueAt(content, [BLOCKS[kind]], { provider: id, ...Object.fromEntries(kept) })
}

/** The agent on a server of this machine, with the first model that is not for embeddings. */
export function connectServer(content: DocumentJson, kind: ProviderKind, server: LocalServer): DocumentJson {
  const model = server.models.find((name) => !/embed|rerank/i.test(name))
  const switched = switchProvider(content, kind, 'openai-compatible')
  const addressed = withValueAt(switched, [BLOCKS[kind], 'base_url'], server.base_url)
  return model ? withValueAt(addressed, [BLOCKS[kind], 'model'], model) : addressed
}

/** What is typed for an option: numbers as numbers, nothing removes the key; text that is no number stays, so that the error shows. */
export function parseOption(option: ProviderOption, text: string): JsonValue | undefined {
  if (text === '') return undefined
  if (option.type !== 'int' && option.type !== 'float') return text
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

/** The reference whose key would be used, and whether it stands in the document or is the provider's usual one. */
export function keyReference(content: DocumentJson, kind: ProviderKind, provider: Provider): string | undefined {
  if (provider.needs.kind !== 'secret') return undefined
  return textAt(content, [BLOCKS[kind], 'api_key']) || defaultSecret(kind, provider.id)
}
