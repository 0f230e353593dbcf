import { totalmem } from 'node:os'
import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { LocalModel, LocalServer, ModelSet } from '../../core/contract/models.ts'
import type { OperationName } from '../../core/contract/index.ts'
import type { HandlersOf } from '../handler.ts'
import { builtinModelsDir } from './builtin-models-dir.ts'
import { indexAddress } from './index-address.ts'
import { installStarter } from './install-starter.ts'
import type { InstallOptions } from './install-starter.ts'
import { USUAL_PLACES, findLocalServers } from './local-servers.ts'
import { STARTER } from './model-set.ts'
import type { StarterFiles } from './model-set.ts'

export type ModelDeps = Readonly<{
  /** The folder of the built-in models, asked anew each time since it is a setting. */
  modelsDir: () => string
  log: Logger
  /** Where to look for local servers; absent: their usual ports. */
  places?: readonly Omit<LocalServer, 'models'>[]
  /** Names the package index, as pip's variables do; absent: the host's own. */
  environment?: NodeJS.ProcessEnv
  /** The archives of the set; absent: the pinned ones. */
  files?: StarterFiles
}> &
  Pick<InstallOptions, 'patience' | 'stallMs'>

export function modelHandlers(deps: ModelDeps): HandlersOf<Extract<OperationName, `model.${string}`>> {
  const { modelsDir, log, places = USUAL_PLACES, environment = process.env, files = STARTER, patience, stallMs } = deps
  const running = new Set<string>()
  return {
    'model.list': async () => ({
      models: modelsOf(modelsDir()),
      sets: [starterIn(modelsDir())],
      memory_bytes: totalmem(),
      free_disk_bytes: 0,
    }),
    'model.get': async ({ id, source }, { signal, progress }) => {
      if (id !== STARTER.set_id) {
        throw new StudioError('not_found', `There is no model set "${id}"`, `The set that can be fetched is "${STARTER.set_id}".`)
      }
      const models_dir = modelsDir()
      if (builtinModelsDir(models_dir)) return { models: modelsOf(models_dir) }
      if (running.has(models_dir)) {
        throw new StudioError(
          'conflict',
          'The speech models are being fetched already',
          'Wait for it, or cancel it and start again.',
        )
      }
      running.add(models_dir)
      try {
        const base = source || (await indexAddress(environment))
        const retries = { ...(patience && { patience }), ...(stallMs !== undefined && { stallMs }) }
        await installStarter({ models_dir, base, files, signal, progress, ...retries })
        log.info({ id, models_dir }, 'a model set was installed')
        return { models: modelsOf(models_dir) }
      } finally {
        running.delete(models_dir)
      }
    },
    'model.import': missing,
    'model.remove': missing,
    'model.measure': missing,
    'model.find_servers': async () => ({ servers: await findLocalServers(places) }),
  }
}

const missing = async (): Promise<never> => {
  throw new StudioError('unsupported', 'Models cannot be changed yet.', 'Get the starter set.')
}

const modelsOf = (_models_dir: string): LocalModel[] => []

function starterIn(models_dir: string): ModelSet {
  const { set_id, name, licence, whisper, piper, disk_bytes } = STARTER
  const download_bytes = whisper.bytes + piper.bytes
  const installed = builtinModelsDir(models_dir) !== undefined
  return { set_id, name, licence, model_ids: [], download_bytes, disk_bytes, installed, folder: models_dir }
}
