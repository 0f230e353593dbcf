import { ToEngine } from '../../core/contract/engine.ts'
import { RUNTIME_PROTOCOL } from '../../core/contract/runtime.ts'
import type { FromEngine } from '../../core/contract/engine.ts'
import { goOffline } from '../go-offline.ts'
import type { Engine, MeasureModel } from './engine.ts'
import { serveEngine } from './engine-server.ts'

const ALIVE_EVERY_MS = 1000

/** The life of an engine process: ready, then told where to listen, then alive until the host says stop or is gone. */
export function runEngineProcess(load: (models_dir: string | undefined) => Promise<Engine>, measure?: MeasureModel): void {
  const tell = (message: FromEngine) => process.send?.(message)

  async function listen({ path, token, models_dir }: Extract<ToEngine, { type: 'listen' }>) {
    try {
      await serveEngine(await load(models_dir), { path, token })
      tell({ type: 'listening' })
    } catch (cause) {
      fail(cause)
    }
  }

  async function answerMeasure({ models_dir, model }: Extract<ToEngine, { type: 'measure' }>) {
    try {
      if (!measure) throw new Error('this engine does not measure')
      tell({ type: 'measured', measure: await measure(models_dir, model) })
    } catch (cause) {
      fail(cause)
    }
  }

  const fail = (cause: unknown) =>
    process.send?.({ type: 'failed', message: cause instanceof Error ? cause.message : String(cause) } satisfies FromEngine, () =>
      process.exit(1),
    )

  // Sockets are made for the user alone, whatever the folder's rights.
  process.umask(0o077)
  // Ctrl-C in a terminal reaches the whole group; the host ends its processes in order.
  process.on('SIGINT', () => undefined)
  process.on('disconnect', () => process.exit(0))
  process.on('message', (raw) => {
    const message = ToEngine.parse(raw)
    switch (message.type) {
      case 'listen':
        void listen(message)
        return
      case 'measure':
        void answerMeasure(message)
        return
      case 'offline':
        return goOffline(message.on)
      case 'stop':
        process.exit(0)
    }
  })
  setInterval(() => tell({ type: 'alive', memory_mb: Math.round(process.memoryUsage.rss() / 1e6) }), ALIVE_EVERY_MS)
  tell({ type: 'ready', protocol: RUNTIME_PROTOCOL, pid: process.pid })
}
