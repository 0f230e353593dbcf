import { pino } from 'pino'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import type { Caller } from '../../../core/contract/caller.ts'
import { isModelProgress } from '../../../core/contract/index.ts'
import type { StudioEvent } from '../../../core/contract/index.ts'
import { modelOperations } from '../../../core/contract/models.ts'
import type { ModelProgress } from '../../../core/contract/models.ts'
import { modelHandlers } from '../model-handlers.ts'
import type { ModelDeps } from '../model-handlers.ts'

const caller: Caller = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin', via: 'test' }
/** Nothing listens there: what should not be asked answers at once. */
const NOWHERE = 'http://127.0.0.1:1'

type Options = Readonly<{ signal?: AbortSignal; source?: string; onProgress?: (progress: ModelProgress) => void }>

/** The model handlers on a folder, as the host wires them. */
export function modelStudio(models_dir: string, deps: Partial<ModelDeps> = {}) {
  const seen: ModelProgress[] = []
  const events: StudioEvent[] = []
  const handlers = modelHandlers({
    modelsDir: () => models_dir,
    log: pino({ level: 'silent' }),
    emit: (event) => void events.push(event),
    sources: () => [],
    offline: () => false,
    isInUse: () => false,
    runtime: { engine: () => Promise.reject(new Error('no engine here')) },
    environment: { PIP_INDEX_URL: NOWHERE, HF_ENDPOINT: NOWHERE },
    patience: [0, 1],
    machine: { memory_bytes: 16e9, cores: 8 },
    ...deps,
  })
  const context = ({ signal = new AbortController().signal, onProgress }: Options = {}) => ({
    caller,
    signal,
    progress: (progress: Parameters<Parameters<(typeof handlers)['model.get']>[1]['progress']>[0]) => {
      if (!isModelProgress(progress)) return
      seen.push(progress)
      onProgress?.(progress)
    },
  })
  return {
    handlers,
    seen,
    events,
    get: (id: string, options: Options = {}) =>
      handlers['model.get']({ id, ...(options.source !== undefined && { source: options.source }) }, context(options)),
    take: (path: string, model_id?: string, options: Options = {}) =>
      handlers['model.import']({ path, ...(model_id !== undefined && { model_id }) }, context(options)),
    remove: (model_id: string) => handlers['model.remove']({ model_id }, context()),
    measure: (model_id: string) => handlers['model.measure']({ model_id }, context()),
    list: async () => modelOperations['model.list'].output.parse(await handlers['model.list']({}, context())),
    servers: () => handlers['model.find_servers']({}, context()),
  }
}
