import { llmProviders, type LlmProviderId } from './llm.ts'
import { OPENAI_BASE_URL } from './openai-options.ts'
import type { LlmProvider, Provider, ProviderKind, SttProvider, TtsProvider } from './provider.ts'
import { sttProviders, type SttProviderId } from './stt.ts'
import { ttsProviders, type TtsProviderId } from './tts.ts'

export const isSttProviderId = (id: string): id is SttProviderId => Object.hasOwn(sttProviders, id)
export const isLlmProviderId = (id: string): id is LlmProviderId => Object.hasOwn(llmProviders, id)
export const isTtsProviderId = (id: string): id is TtsProviderId => Object.hasOwn(ttsProviders, id)

/** A provider of the catalogue, or nothing for a name that is none. */
export function findProvider(kind: 'stt', id: string): SttProvider | undefined
export function findProvider(kind: 'llm', id: string): LlmProvider | undefined
export function findProvider(kind: 'tts', id: string): TtsProvider | undefined
export function findProvider(kind: ProviderKind, id: string): Provider | undefined
export function findProvider(kind: ProviderKind, id: string): Provider | undefined {
  switch (kind) {
    case 'stt':
      return isSttProviderId(id) ? sttProviders[id] : undefined
    case 'llm':
      return isLlmProviderId(id) ? llmProviders[id] : undefined
    case 'tts':
      return isTtsProviderId(id) ? ttsProviders[id] : undefined
  }
}

/** All of a kind, in the order in which a picker shows them: what needs nothing from outside first. */
export function listProviders(kind: 'stt'): readonly SttProvider[]
export function listProviders(kind: 'llm'): readonly LlmProvider[]
export function listProviders(kind: 'tts'): readonly TtsProvider[]
export function listProviders(kind: ProviderKind): readonly Provider[]
export function listProviders(kind: ProviderKind): readonly Provider[] {
  switch (kind) {
    case 'stt':
      return Object.values(sttProviders)
    case 'llm':
      return Object.values(llmProviders)
    case 'tts':
      return Object.values(ttsProviders)
  }
}

/** The reference that is tried when a document names none: `env:OPENAI_API_KEY`; nothing for providers without keys. */
export function defaultSecret(kind: ProviderKind, id: string): string | undefined {
  const needs = findProvider(kind, id)?.needs
  return needs?.kind === 'secret' ? needs.reference : undefined
}

/** Names and numbers that only this machine and its network know. */
const NEARBY =
  /^(?:[^.]*|.*\.(?:localhost|local|internal|lan)|\[::1\]|(?:127|10)(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/

/** Whether calls to this address cannot work without a key: servers on this machine and in its network need none. */
export function needsSecret(kind: ProviderKind, id: string, base_url: string | undefined): boolean {
  if (defaultSecret(kind, id) === undefined) return false
  const host = /^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/i.exec(base_url ?? OPENAI_BASE_URL)?.[1]?.toLowerCase() ?? ''
  return !NEARBY.test(host)
}
