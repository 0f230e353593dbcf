import type { ModelFamily } from '../../core/local-models/speech-family.ts'
import { findProvider, type ProviderKind } from '../../core/providers/index.ts'

/** A model on this machine that a built-in provider can use. */
export type InstalledModel = Readonly<{
  kind: ProviderKind
  model_id: string
  /** ISO 639-1 codes; absent or empty: unknown. */
  languages?: readonly string[] | undefined
  /** Of a TTS that has several. */
  voices?: readonly string[] | undefined
  /** Of models for speech: what reads them, and how. */
  family?: ModelFamily | undefined
}>

/** What is on this machine, the ones to prefer first. */
export type LocalModels = Readonly<{ dir: string; models: readonly InstalledModel[] }>

/** What a block says about the model that it wants. */
export type Wish = Readonly<{ model?: string | undefined; voice_id?: unknown; language?: unknown }>

/** The installed model for a block of a built-in provider; `is_asked` is false when it stands in for one that is not here. */
export function modelFor(
  kind: ProviderKind,
  wish: Wish,
  { models }: LocalModels,
): Readonly<{ model_id: string; is_asked: boolean }> | undefined {
  const here = models.filter((model) => model.kind === kind)
  const wanted = wantedModel(kind, wish, here)
  const found = wanted === undefined ? undefined : here.find(({ model_id }) => isNamed(model_id, wanted))
  if (found) return { model_id: found.model_id, is_asked: true }
  const first = here.find(({ languages = [] }) => speaks(languages, wish.language)) ?? here[0]
  return first && { model_id: first.model_id, is_asked: wanted === undefined }
}

/** A voice may be the name of its model, or stand inside one. */
function wantedModel(kind: ProviderKind, { model, voice_id }: Wish, here: readonly InstalledModel[]): string | undefined {
  if (model) return model
  if (kind !== 'tts' || typeof voice_id !== 'string') return undefined
  const holder = here.find(({ model_id, voices = [] }) => model_id === voice_id || voices.includes(voice_id))
  if (holder) return holder.model_id
  const known = findProvider('tts', 'builtin')
  return [...(known?.models.map(({ id }) => id) ?? []), ...(known?.voices.map(({ value }) => value) ?? [])].find(
    (id) => id === voice_id,
  )
}

/** As the engines read names: a file's quantisation, or the family in front, may be left out. */
function isNamed(model_id: string, wanted: string): boolean {
  const [id, name] = [model_id.toLowerCase(), wanted.toLowerCase()]
  const rest = id.startsWith(name) ? id.at(name.length) : undefined
  return id === name || rest === '.' || rest === '-' || id.slice(id.indexOf('-') + 1) === name
}

const speaks = (languages: readonly string[], language: unknown): boolean =>
  languages.length === 0 || typeof language !== 'string' || languages.includes(language.split('-')[0]?.toLowerCase() ?? '')
