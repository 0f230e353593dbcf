import type { LocalModel, ModelSet } from '../../../core/contract/index.ts'
import { languageName } from '../../ui/language-name.ts'

export type ModelKind = LocalModel['kind']
export type ModelFilter = Readonly<{ query: string; kind: ModelKind | 'all'; here: boolean }>
export const noFilter: ModelFilter = { query: '', kind: 'all', here: false }

export const KIND_TITLES: Readonly<Record<ModelKind, string>> = {
  stt: 'Hearing (speech to text)',
  llm: 'Thinking (language models)',
  tts: 'Speaking (text to speech)',
}
const KINDS: readonly ModelKind[] = ['stt', 'llm', 'tts']

export type ModelRow = Readonly<{ type: 'kind'; kind: ModelKind; count: number }> | Readonly<{ type: 'model'; model: LocalModel }>

/** Kind by kind; in each what is here first, then as the list recommends, and at the end what is too large for this machine. */
export function modelRows(models: readonly LocalModel[], filter: ModelFilter): readonly ModelRow[] {
  const kinds = filter.kind === 'all' ? KINDS : [filter.kind]
  return kinds.flatMap((kind): ModelRow[] => {
    const found = models.filter((model) => model.kind === kind && matches(model, filter)).sort((a, b) => rank(a) - rank(b))
    return found.length === 0
      ? []
      : [{ type: 'kind', kind, count: found.length }, ...found.map((model): ModelRow => ({ type: 'model', model }))]
  })
}

const rank = ({ installed, recommended, unfit }: LocalModel): number =>
  installed ? 0 : recommended ? 1 : unfit === undefined ? 2 : 3

function matches(model: LocalModel, { query, here }: ModelFilter): boolean {
  if (here && !model.installed) return false
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const { model_id, name, description, licence, languages, source } = model
  const text = [model_id, name, description, licence, languages.map(languageName).join(' '), source].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

/** `English`, `English, German`, `99 languages`. */
export function languagesText(languages: readonly string[]): string {
  if (languages.length === 0) return 'not known'
  return languages.length > 2 ? `${languages.length} languages` : languages.map(languageName).join(', ')
}

/** Sets worth one button: the whole call while a part of it is missing, speech alone while nothing hears and nothing speaks. */
export function offeredSets(models: readonly LocalModel[], sets: readonly ModelSet[]): readonly ModelSet[] {
  const has = (kind: ModelKind) => models.some((model) => model.kind === kind && model.installed)
  if (KINDS.every(has)) return []
  return sets.filter(({ set_id, installed }) => !installed && (set_id === 'starter' || (!has('stt') && !has('tts'))))
}

/** The set that is being fetched and brings a model along. */
export const setBringing = (
  model_id: string,
  sets: readonly ModelSet[],
  isFetching: (set_id: string) => boolean,
): ModelSet | undefined => sets.find((set) => set.model_ids.includes(model_id) && isFetching(set.set_id))
