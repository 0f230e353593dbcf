import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { LocalModel, ModelSet } from '../../core/contract/models.ts'
import type { CuratedModel } from '../../core/local-models/curated-model.ts'
import { CURATED_MODELS, MODEL_SETS } from '../../core/local-models/curated-models.ts'
import { recommendedModels, unfitFor } from '../../core/local-models/fitness.ts'
import type { MachineSize } from '../../core/local-models/fitness.ts'
import { isStreaming } from '../../core/local-models/speech-folder.ts'
import { installedModels } from './installed-models.ts'
import type { InstalledModel } from './installed-models.ts'

/** The lists that are offered; tests have shorter ones. */
export type Offer = Readonly<{ models: readonly CuratedModel[]; sets: readonly (typeof MODEL_SETS)[number][] }>
export const OFFER: Offer = { models: CURATED_MODELS, sets: MODEL_SETS }

/** The curated list with what is here, then the user's own. */
export function localModels(models_dir: string, machine: MachineSize, { models }: Offer = OFFER): LocalModel[] {
  const { memory_bytes } = machine
  const here = new Map(installedModels(models_dir).map((model) => [`${model.kind} ${model.model_id}`, model]))
  const recommended = recommendedModels(models, machine)
  const listed = models.map((model) => {
    const key = `${model.kind} ${model.model_id}`
    const found = here.get(key)
    here.delete(key)
    return fromList(model, found, { memory_bytes, recommended: recommended.has(model.model_id) })
  })
  return [...listed, ...Array.from(here.values(), (model) => ownModel(model, memory_bytes))]
}

type Place = Readonly<{ memory_bytes: number; recommended: boolean }>

function fromList(model: CuratedModel, found: InstalledModel | undefined, { memory_bytes, recommended }: Place): LocalModel {
  const { model_id, kind, name, description, licence, languages, voices = [], family, needs_memory_bytes } = model
  const unfit = unfitFor(memory_bytes, needs_memory_bytes)
  return {
    model_id,
    kind,
    name,
    description,
    licence,
    languages: [...languages],
    voices: voices.map((voice) => ({ ...voice })),
    streaming: isStreaming(family),
    download_bytes: downloadBytes(model),
    disk_bytes: found?.disk_bytes ?? model.disk_bytes,
    source: found?.record?.source ?? sourceOf(model),
    checked: found?.record?.checked ?? (model.files.every(({ sha256 }) => sha256 !== undefined) ? 'pinned' : 'stated'),
    installed: found !== undefined,
    recommended: recommended && unfit === undefined,
    ...(needs_memory_bytes !== undefined && { needs_memory_bytes }),
    ...(unfit !== undefined && { unfit }),
    ...(found?.record?.measured && { measured: found.record.measured }),
  }
}

function ownModel({ kind, model_id, family, disk_bytes, languages, record }: InstalledModel, memory_bytes: number): LocalModel {
  const needs_memory_bytes = kind === 'llm' ? Math.round(disk_bytes * 1.2 + 500_000_000) : undefined
  const unfit = unfitFor(memory_bytes, needs_memory_bytes)
  return {
    model_id,
    kind,
    name: record?.name ?? model_id,
    description: record?.description ?? 'Put into the models folder by hand.',
    licence: record?.licence ?? 'unknown',
    languages: [...languages],
    voices: record?.voices.map((voice) => ({ ...voice })) ?? [],
    streaming: isStreaming(family),
    download_bytes: 0,
    disk_bytes,
    source: record?.source ?? 'the models folder',
    checked: record?.checked ?? 'own',
    installed: true,
    recommended: false,
    ...(needs_memory_bytes !== undefined && { needs_memory_bytes }),
    ...(unfit !== undefined && { unfit }),
    ...(record?.measured && { measured: record.measured }),
  }
}

/** From its packages where it has some, since they are smaller and everybody reaches them; the hub’s files may be a little larger. */
export const downloadBytes = ({ files, packages }: CuratedModel): number =>
  (packages ?? files).reduce((sum, { bytes }) => sum + bytes, 0)

/** All the places where it may come from; sizes and hashes of those without a pin are the hub’s, read when it is fetched. */
function sourceOf({ files, packages = [] }: CuratedModel): string {
  const hub = files[0]?.hub && `huggingface.co/${files[0].hub.repo}`
  const packaged = packages.length > 0 ? `Python package ${packages.map(({ project }) => project).join(', ')}` : undefined
  return [hub, packaged].filter((place) => place !== undefined).join(' or ')
}

export function modelSets(models: readonly LocalModel[], folder: string, { sets }: Offer = OFFER): ModelSet[] {
  return sets.map(({ set_id, name, model_ids }) => {
    const members = models.filter(({ model_id }) => model_ids.includes(model_id))
    const sum = (of: readonly LocalModel[], bytes: 'download_bytes' | 'disk_bytes') =>
      of.reduce((total, model) => total + model[bytes], 0)
    return {
      set_id,
      name,
      model_ids: [...model_ids],
      folder,
      download_bytes: sum(
        members.filter(({ installed }) => !installed),
        'download_bytes',
      ),
      disk_bytes: sum(members, 'disk_bytes'),
      licence: members.map((member) => `${member.name}: ${member.licence}`).join('. '),
      installed: members.every(({ installed }) => installed),
    }
  })
}

/** Of the disk that the folder is or will be on. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const disk = await statfs(folder).catch(() => undefined)
  if (disk) return disk.bavail * disk.bsize
  return dirname(folder) === folder ? 0 : freeDiskBytes(dirname(folder))
}
