import type { Logger } from 'pino'
import { FromEngine, type ToEngine } from '../../core/contract/engine.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { ModelMeasure } from '../../core/contract/models.ts'
import { deferred } from './deferred.ts'
import type { OfflineSwitch } from './offline-switch.ts'
import { startProcess, type ProcessLimits } from './supervised-process.ts'

export type MeasureOptions = Readonly<{
  entry: string
  log: Logger
  cacheDir?: string | undefined
  limits: ProcessLimits
  offline: OfflineSwitch
  models_dir: string
  model: string
  signal?: AbortSignal | undefined
}>

/** Measures a model in an engine process of its own: calls go on undisturbed, and a file that ends its process ends only this one. */
export async function measureInProcess({
  models_dir,
  model,
  signal,
  ...options
}: MeasureOptions): Promise<Omit<ModelMeasure, 'at'>> {
  const measured = deferred<Omit<ModelMeasure, 'at'>>()
  const child = startProcess<ToEngine, FromEngine>({
    ...options,
    name: `measuring ${model}`,
    read: (raw) => FromEngine.safeParse(raw).data,
    onMessage: (message) => {
      if (message.type === 'measured') measured.resolve(message.measure)
      if (message.type === 'failed') measured.reject(failed(model, message.message))
    },
  })
  void child.gone.then((how) => measured.reject(failed(model, how)))
  const abort = () => {
    measured.reject(signal?.reason ?? new Error('stopped'))
    child.kill()
  }
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    await Promise.race([child.ready, measured.promise])
    await child.send({ type: 'measure', models_dir, model })
    return await measured.promise
  } finally {
    signal?.removeEventListener('abort', abort)
    child.ready.catch(() => undefined)
    await child.stop()
  }
}

const failed = (model: string, why: string) =>
  new StudioError(
    'runtime_failed',
    `The model "${model}" could not be measured: ${why}.`,
    'Get it again in Models & keys; the log may say more.',
  )
