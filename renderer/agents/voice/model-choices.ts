import type { LocalModel } from '../../../core/contract/index.ts'
import type { Choice, Provider } from '../../../core/providers/index.ts'

export type ModelChoice = Readonly<{ value: string; label: string; help: string }>
export type ModelGroup = Readonly<{ group: string; items: readonly ModelChoice[] }>

export const HERE = 'On this machine'

/** The names that a model picker offers: of this machine, of the catalogue, and of the provider's own list; each once. */
export function modelChoices(
  provider: Provider,
  local: readonly LocalModel[],
  listed: readonly string[],
  size: (bytes: number) => string,
): readonly ModelGroup[] {
  const own = provider.needs.kind === 'models' ? local.filter(({ kind }) => kind === provider.kind) : []
  const localChoice = ({ model_id, name, description, installed, download_bytes }: LocalModel): ModelChoice => ({
    value: model_id,
    label: name,
    help: installed ? description : `${size(download_bytes)} to fetch. ${description}`,
  })
  const catalogue = provider.models
    .filter(({ id }) => !own.some(({ model_id }) => model_id === id))
    .map(({ id, label, help }): ModelChoice => ({ value: id, label, help }))
  const others = listed
    .filter((id) => !catalogue.some(({ value }) => value === id) && !own.some(({ model_id }) => model_id === id))
    .map((id): ModelChoice => ({ value: id, label: id, help: '' }))
  return [
    { group: HERE, items: own.filter(({ installed }) => installed).map(localChoice) },
    { group: 'Known here', items: own.length > 0 ? [] : catalogue },
    { group: 'Listed by the provider', items: others },
    { group: 'Not fetched yet', items: own.filter(({ installed, unfit }) => !installed && unfit === undefined).map(localChoice) },
  ].filter(({ items }) => items.length > 0)
}

/** The voices to choose from: a local model's own where it has several, else the catalogue's. */
export function voiceChoices(choices: readonly Choice[], local: readonly LocalModel[], model: string): readonly Choice[] {
  const voices = local.find(({ kind, model_id }) => kind === 'tts' && model_id === model)?.voices ?? []
  return voices.length > 0 ? voices : choices
}
