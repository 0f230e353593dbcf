import { availableParallelism, totalmem } from 'node:os'
import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { LocalModel, LocalServer, ModelProgress } from '../../core/contract/models.ts'
import type { OperationName } from '../../core/contract/index.ts'
import type { CuratedModel } from '../../core/local-models/curated-model.ts'
import type { MachineSize } from '../../core/local-models/fitness.ts'
import type { Emit, HandlerContext, HandlersOf } from '../handler.ts'
import { modelSources } from './fetching/model-sources.ts'
import { getModel } from './get-model.ts'
import type { GetOptions } from './get-model.ts'
import { importOwn } from './import-own.ts'
import { modelIdOf, nameOf } from './importing/model-name.ts'
import { installedModels } from './installed-models.ts'
import type { InstalledModel } from './installed-models.ts'
import { USUAL_PLACES, findLocalServers } from './local-servers.ts'
import { measureModel } from './measuring/measure-model.ts'
import type { MeasureRuntime } from './measuring/measure-model.ts'
import { OFFER, downloadBytes, freeDiskBytes, localModels, modelSets } from './model-list.ts'
import type { Offer } from './model-list.ts'
import { removeModel } from './remove-model.ts'

export type ModelDeps = Readonly<{
  /** The folder of the built-in models, asked anew each time since it is a setting. */
  modelsDir: () => string
  log: Logger
  emit: Emit
  /** Addresses and folders to ask before the hubs. */
  sources: () => readonly string[]
  /** Nothing beyond this machine is asked. */
  offline: () => boolean
  /** Whether a running call needs it. */
  isInUse: (model: InstalledModel) => boolean
  runtime: MeasureRuntime
  /** Where to look for local servers; absent: their usual ports. */
  places?: readonly Omit<LocalServer, 'models'>[]
  /** Names the package index and the hub, as pip’s and the hub’s own variables do; absent: the host’s own. */
  environment?: NodeJS.ProcessEnv
  /** Absent: the curated list. */
  offer?: Offer
  /** Absent: this one. */
  machine?: MachineSize
}> &
  Partial<Pick<GetOptions, 'patience' | 'stallMs' | 'freeDiskBytes'>>

type Progress = (progress: Omit<ModelProgress, 'id'>) => void

export function modelHandlers(deps: ModelDeps): HandlersOf<Extract<OperationName, `model.${string}`>> {
  const { modelsDir, log, emit, places = USUAL_PLACES, offer = OFFER, machine = thisMachine() } = deps
  const busy = createBusy()
  const list = () => localModels(modelsDir(), machine, offer)
  const find = (model_id: string): LocalModel => {
    const model = list().find((one) => one.model_id === model_id)
    if (model) return model
    throw new StudioError('not_found', `There is no model "${model_id}"`, 'See the list of models.')
  }
  const changed = () => emit({ type: 'model.changed' })

  async function get(id: string, source: string | undefined, { signal, progress }: HandlerContext): Promise<void> {
    const models_dir = modelsDir()
    const wanted = wantedModels(offer, id).filter(({ model_id }) => !find(model_id).installed)
    const sources = wanted.length === 0 ? [] : await sourcesFor(deps, source)
    await busy([...wanted.map(({ model_id }) => `${models_dir} ${model_id}`)], async () => {
      for (const [i, model] of wanted.entries()) {
        const report = inSet(id, wanted, i, progress)
        const { patience, stallMs } = deps
        const retries = { ...(patience && { patience }), ...(stallMs !== undefined && { stallMs }) }
        const space = deps.freeDiskBytes ?? freeDiskBytes
        await getModel(model, { models_dir, sources, signal, progress: report, freeDiskBytes: space, ...retries })
        log.info({ model_id: model.model_id, models_dir }, 'a model was installed')
        changed()
      }
    })
  }

  return {
    'model.list': async () => {
      const models = list()
      const folder = modelsDir()
      return {
        models,
        sets: modelSets(models, folder, offer),
        memory_bytes: machine.memory_bytes,
        free_disk_bytes: await freeDiskBytes(folder),
      }
    },
    'model.get': async ({ id, source }, context) => {
      await get(id, source, context)
      return { models: wantedModels(offer, id).map(({ model_id }) => find(model_id)) }
    },
    'model.import': async ({ path, model_id }, { signal, progress }) => {
      const models_dir = modelsDir()
      const id = model_id ?? modelIdOf(nameOf(path))
      const report: Progress = (step) => progress({ ...step, id })
      const made = await busy([`${models_dir} ${id}`], () => importOwn({ models_dir, path, model_id, signal, progress: report }))
      log.info({ model_id: made, models_dir }, 'a model was imported')
      changed()
      return find(made)
    },
    'model.remove': async ({ model_id }) => {
      const freed_bytes = await busy([`${modelsDir()} ${model_id}`], () => removeModel(modelsDir(), model_id, deps.isInUse))
      log.info({ model_id, freed_bytes }, 'a model was removed')
      changed()
      return { freed_bytes }
    },
    'model.measure': async ({ model_id }, { signal, progress }) => {
      const model = installedModels(modelsDir()).find((one) => one.model_id === model_id)
      if (!model) throw notHere(find(model_id))
      const report: Progress = (step) => progress({ ...step, id: model_id })
      const models_dir = modelsDir()
      const { runtime } = deps
      await busy([`${models_dir} ${model_id}`], () => measureModel(model, { models_dir, runtime, signal, progress: report }))
      changed()
      return find(model_id)
    },
    'model.find_servers': async () => ({ servers: await findLocalServers(places) }),
  }
}

const thisMachine = (): MachineSize => ({ memory_bytes: totalmem(), cores: availableParallelism() })

/** The models of a set, or the one model. */
function wantedModels({ models, sets }: Offer, id: string): CuratedModel[] {
  const set = sets.find(({ set_id }) => set_id === id)
  const found = models.filter(({ model_id }) => set?.model_ids.includes(model_id) ?? model_id === id)
  if (found.length > 0) return found
  throw new StudioError(
    'not_found',
    `There is no model or set "${id}" to fetch`,
    'See the list of models; your own come in with Import.',
  )
}

async function sourcesFor({ environment = process.env, offline, sources }: ModelDeps, named: string | undefined) {
  const all = await modelSources([...(named ? [named] : []), ...sources()], environment)
  if (!offline()) return all
  const near = all.filter(({ remote }) => !remote)
  if (near.length > 0) return near
  throw new StudioError(
    'unavailable',
    'Greenroom is offline: models are not fetched',
    'Turn offline off in Settings, name a folder of this machine that holds the files, or import a model.',
  )
}

/** Progress of one model as that of the whole: what is before it is done, what comes after it is about its stated size. */
function inSet(id: string, wanted: readonly CuratedModel[], index: number, progress: HandlerContext['progress']): Progress {
  const sum = (of: readonly CuratedModel[]) => of.reduce((total, model) => total + downloadBytes(model), 0)
  const [before, after] = [sum(wanted.slice(0, index)), sum(wanted.slice(index + 1))]
  return ({ phase, done_bytes, total_bytes, ...step }) =>
    progress({
      ...step,
      id,
      phase: phase === 'done' && index < wanted.length - 1 ? 'converting' : phase,
      done_bytes: before + done_bytes,
      total_bytes: before + total_bytes + after,
    })
}

/** One at a time for each model. */
function createBusy() {
  const running = new Set<string>()
  return async <Value>(keys: readonly string[], work: () => Promise<Value>): Promise<Value> => {
    if (keys.some((key) => running.has(key))) {
      throw new StudioError(
        'conflict',
        'This model is being fetched, measured or changed already',
        'Wait for it, or cancel it and start again.',
      )
    }
    for (const key of keys) running.add(key)
    try {
      return await work()
    } finally {
      for (const key of keys) running.delete(key)
    }
  }
}

const notHere = ({ name }: LocalModel) =>
  new StudioError('not_found', `"${name}" is not on this machine`, 'Get it first, then measure it.')
