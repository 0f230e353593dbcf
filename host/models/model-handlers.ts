import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { LocalServer, ModelSet } from '../../core/contract/models.ts'
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

export function modelHandlers(deps: ModelDeps): HandlersOf<'model.list' | 'model.get' | 'model.find_servers'> {
  const { modelsDir, log, places = USUAL_PLACES, environment = process.env, files = STARTER, patience, stallMs } = deps
  const running = new Set<string>()
  return {
    'model.list': async () => ({ sets: [starterIn(modelsDir())] }),
    'model.get': async ({ set_id, mirror }, { signal, progress }) => {
      if (set_id !== STARTER.set_id) {
        throw new StudioError(
          'not_found',
          `There is no model set "${set_id}"`,
          `The set that can be fetched is "${STARTER.set_id}".`,
        )
      }
      const models_dir = modelsDir()
      if (builtinModelsDir(models_dir)) return starterIn(models_dir)
      if (running.has(models_dir)) {
        throw new StudioError(
          'conflict',
          'The speech models are being fetched already',
          'Wait for it, or cancel it and start again.',
        )
      }
      running.add(models_dir)
      try {
        const base = mirror || (await indexAddress(environment))
        const retries = { ...(patience && { patience }), ...(stallMs !== undefined && { stallMs }) }
        await installStarter({ models_dir, base, files, signal, progress, ...retries })
        log.info({ set_id, models_dir }, 'a model set was installed')
        return starterIn(models_dir)
      } finally {
        running.delete(models_dir)
      }
    },
    'model.find_servers': async () => ({ servers: await findLocalServers(places) }),
  }
}

function starterIn(models_dir: string): ModelSet {
  const { set_id, name, licence, contents, whisper, piper, disk_bytes } = STARTER
  const download_bytes = whisper.bytes + piper.bytes
  const installed = builtinModelsDir(models_dir) !== undefined
  return { set_id, name, licence, contents: [...contents], download_bytes, disk_bytes, installed, folder: models_dir }
}
