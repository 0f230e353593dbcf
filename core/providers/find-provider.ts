import { llmProviders, type LlmProviderId } from './llm.ts'
import type { LlmProvider, Provider, ProviderKind, SttProvider, TtsProvider } from './provider.ts'
import { sttProviders, type SttProviderId } from './stt.ts'
import { ttsProviders, type TtsProviderId } from './tts.ts'

const isSttProviderId = (id: string): id is SttProviderId => Object.hasOwn(sttProviders, id)
const isLlmProviderId = (id: string): id is LlmProviderId => Object.hasOwn(llmProviders, id)
const isTtsProviderId = (id: string): id is TtsProviderId => Object.hasOwn(ttsProviders, id)

/** The catalogue's id for an id or an alias (`groq.com` → `groq`); nothing for a name that is none. */
export const sttProviderId = (name: string): SttProviderId | undefined =>
  [name, aliased(sttProviders, name)].find(isSttProviderId)
export const llmProviderId = (name: string): LlmProviderId | undefined =>
  [name, aliased(llmProviders, name)].find(isLlmProviderId)
export const ttsProviderId = (name: string): TtsProviderId | undefined =>
  [name, aliased(ttsProviders, name)].find(isTtsProviderId)

const aliased = (providers: Readonly<Record<string, Provider>>, name: string): string =>
  Object.values(providers).find(({ aliases }) => aliases.includes(name.toLowerCase()))?.id ?? ''

/** A provider of the catalogue by its id or alias, or nothing for a name that is none. */
export function findProvider(kind: 'stt', name: string): SttProvider | undefined
export function findProvider(kind: 'llm', name: string): LlmProvider | undefined
export function findProvider(kind: 'tts', name: string): TtsProvider | undefined
export function findProvider(kind: ProviderKind, name: string): Provider | undefined
export function findProvider(kind: ProviderKind, name: string): Provider | undefined {
  switch (kind) {
    case 'stt': {
      const id = sttProviderId(name)
      return id && sttProviders[id]
    }
    case 'llm': {
      const id = llmProviderId(name)
      return id && llmProviders[id]
    }
    case 'tts': {
      const id = ttsProviderId(name)
      return id && ttsProviders[id]
    }
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
