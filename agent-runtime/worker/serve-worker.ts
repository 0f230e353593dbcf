/**
 * The worker: registers dispatch names with LiveKit servers and passes jobs on to the host, which decides and lets session processes do
 * them. Threat model: API secrets come in over the host's channel alone, never by argument or environment, and nothing goes out that
 * holds one. It opens no port, and ends when its host is gone.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { RUNTIME_PROTOCOL } from '../../core/contract/runtime.ts'
import { ToWorker, type FromWorker } from '../../core/contract/worker.ts'
import { goOffline } from '../go-offline.ts'
import { createRegistrations, type Registrations } from './registrations.ts'

const ALIVE_EVERY_MS = 2000
/** As servers show it. */
const VERSION = 'greenroom'

export function serveWorker(): void {
  const registrations = createRegistrations(VERSION, tell)
  process.on('message', (raw) => {
    const message = ToWorker.safeParse(raw)
    if (message.success) receive(message.data, registrations)
    // Its problems name paths only; what was sent may hold a secret.
    else tell({ type: 'log', level: 'error', text: 'The host sent a message that this process does not know.' })
  })
  // Ctrl-C in a terminal reaches the whole group; the host ends its processes in order.
  process.on('SIGINT', () => undefined)
  // The host is gone, and with it whoever would take the jobs.
  process.once('disconnect', () => process.exit(0))
  reportAlive()
  tell({ type: 'ready', protocol: RUNTIME_PROTOCOL, pid: process.pid })
}

function receive(message: ToWorker, registrations: Registrations): void {
  switch (message.type) {
    case 'expose':
      return registrations.expose(message.exposures)
    case 'answer':
      return registrations.answer(message.connection_id, message.job_id, message.answer)
    case 'job':
      return registrations.job(message.connection_id, message.job_id, message.status, message.error ?? '')
    case 'load':
      return registrations.stand({ load: message.load })
    case 'drain':
      return registrations.stand({ draining: message.on })
    case 'offline':
      goOffline(message.on)
      return registrations.retry()
    case 'stop':
      registrations.close()
      // The farewells are on their way within a turn of the loop.
      setTimeout(() => process.exit(0), 50)
  }
}

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

function reportAlive(): void {
  const lag = monitorEventLoopDelay({ resolution: 20 })
  lag.enable()
  setInterval(() => {
    const loop_lag_ms = Math.max(0, lag.percentile(99) / 1e6 - 20)
    lag.reset()
    tell({ type: 'alive', memory_mb: Math.round(process.memoryUsage.rss() / 1e6), loop_lag_ms })
  }, ALIVE_EVERY_MS).unref()
}
