import type { DocumentJson } from '../../../core/contract/index.ts'
import { isJsonObject } from '../../../core/json.ts'
import { defaultModel, findProvider, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import { textAt, valueAt, type JsonValue, type Path } from '../document-edit.ts'

export const BLOCKS = { stt: 'stt_config', llm: 'llm_config', tts: 'tts_config' } as const

export const KIND_NAMES: Readonly<Record<ProviderKind, string>> = {
  llm: 'language model',
  stt: 'speech to text',
  tts: 'text to speech',
}

/** A place in the document where a provider is chosen: 0 is the kind's first choice, 1 its first fallback, and so on. */
export type Slot = Readonly<{ kind: ProviderKind; index: number }>

export const slotPath = ({ kind, index }: Slot): Path => (index === 0 ? [BLOCKS[kind]] : [BLOCKS[kind], 'fallbacks', index - 1])

export const pointerOf = (slot: Slot): string => `/${slotPath(slot).join('/')}`

/** `language model`, `second choice of language model`: for labels. */
export const slotName = ({ kind, index }: Slot): string =>
  index === 0 ? KIND_NAMES[kind] : `${ordinal(index + 1)} choice of ${KIND_NAMES[kind]}`

export const ordinal = (position: number): string => ['', 'first', 'second', 'third'][position] ?? `${position}th`

export type Block = { readonly [key: string]: JsonValue }
const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)

export function blockAt(content: DocumentJson, slot: Slot): Block {
  const value = valueAt(content, slotPath(slot))
  return isObject(value) ? value : {}
}

/** What a document without a choice gets; the same as in the document's schema. */
const DEFAULTS: Readonly<Record<ProviderKind, string>> = { stt: 'builtin', llm: 'rehearsal', tts: 'builtin' }

/** The name as the document writes it, which may be an alias or unknown. */
export const providerName = (content: DocumentJson, slot: Slot): string =>
  textAt(content, [...slotPath(slot), 'provider']) || DEFAULTS[slot.kind]

export const providerAt = (content: DocumentJson, slot: Slot): Provider | undefined =>
  findProvider(slot.kind, providerName(content, slot))

/** The model that would be asked: the document's, else the provider's first. */
export function modelAt(content: DocumentJson, slot: Slot): string {
  const own = textAt(content, [...slotPath(slot), 'model'])
  return own || usualModel(providerAt(content, slot))
}

export const usualModel = (provider: Provider | undefined): string => (provider && defaultModel(provider)) ?? ''
