import type { DocumentJson, LocalModel } from '../../../core/contract/index.ts'
import type { Provider, ProviderKind } from '../../../core/providers/index.ts'
import { textAt, withValueAt, type JsonValue } from '../document-edit.ts'
import { fallbacksOf } from './fallback-edit.ts'
import { listOf, switchProvider } from './provider-block.ts'
import { BLOCKS, modelAt, providerAt, slotPath, type Slot } from './slot.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** The provider whose models the studio keeps on this machine. */
const ownProvider = (kind: ProviderKind): Provider | undefined => listOf(kind).find(({ needs }) => needs.kind === 'models')

/** The model to take: one that speaks the agent's language before others, the recommended one before the rest. */
export function bestModel(models: readonly LocalModel[], kind: ProviderKind, language: string): LocalModel | undefined {
  const here = models.filter((model) => model.kind === kind && model.installed && model.unfit === undefined)
  const speaks = ({ languages }: LocalModel) => languages.length === 0 || languages.includes(language)
  const score = (model: LocalModel) => (speaks(model) ? 2 : 0) + (model.recommended ? 1 : 0)
  return [...here].sort((a, b) => score(b) - score(a))[0]
}

/** Kinds that have no model on this machine yet. */
export const missingKinds = (models: readonly LocalModel[]): readonly ProviderKind[] =>
  KINDS.filter((kind) => ownProvider(kind) !== undefined && bestModel(models, kind, '') === undefined)

const languageOf = (content: DocumentJson): string =>
  (textAt(content, ['stt_config', 'language']) || 'en').slice(0, 2).toLowerCase()

/** The agent on the models of this machine: one edit, which drops choices that would ask somebody else. */
export function withOfflineStack(content: DocumentJson, models: readonly LocalModel[]): DocumentJson {
  return KINDS.reduce((now, kind) => {
    const provider = ownProvider(kind)
    const model = bestModel(models, kind, languageOf(content))
    if (!provider || !model) return now
    const slot: Slot = { kind, index: 0 }
    const kept = keepsItsModel(now, slot, provider, models) ? now : withModel(switchProvider(now, slot, provider.id), slot, model)
    return withLocalFallbacks(kept, kind)
  }, content)
}

/** A model of this machine that was chosen already is not replaced. */
function keepsItsModel(content: DocumentJson, slot: Slot, provider: Provider, models: readonly LocalModel[]): boolean {
  if (providerAt(content, slot)?.id !== provider.id) return false
  const chosen = modelAt(content, slot)
  return models.some(({ kind, model_id, installed }) => kind === slot.kind && model_id === chosen && installed)
}

function withModel(content: DocumentJson, slot: Slot, model: LocalModel): DocumentJson {
  const named = withValueAt(content, [...slotPath(slot), 'model'], model.model_id)
  const voice = model.voices[0]?.value
  return slot.kind === 'tts' && voice !== undefined ? withValueAt(named, [...slotPath(slot), 'voice_id'], voice) : named
}

/** Later choices stay when they ask nobody else, and are not what is the first choice now. */
function withLocalFallbacks(content: DocumentJson, kind: ProviderKind): DocumentJson {
  const first = providerAt(content, { kind, index: 0 })
  const model = modelAt(content, { kind, index: 0 })
  const list = fallbacksOf(content, kind)
  const kept = list.filter((_, at) => {
    const slot = { kind, index: at + 1 }
    const provider = providerAt(content, slot)
    return staysHere(provider) && !(provider?.id === first?.id && ['', model].includes(modelAt(content, slot)))
  })
  if (kept.length === list.length) return content
  const value: JsonValue | undefined = kept.length > 0 ? [...kept] : undefined
  return withValueAt(content, [BLOCKS[kind], 'fallbacks'], value)
}

const staysHere = (provider: Provider | undefined): boolean => provider?.network === 'never'

/** Everything that answers runs on this machine, really: no rehearsal, and no later choice that would ask somebody else. */
export const isOfflineStack = (content: DocumentJson): boolean =>
  KINDS.every((kind) => {
    const first = providerAt(content, { kind, index: 0 })
    const later = fallbacksOf(content, kind).map((_, at) => providerAt(content, { kind, index: at + 1 }))
    return first?.network === 'never' && first.needs.kind === 'models' && later.every(staysHere)
  })
