/** A host with a registered worker, for the test that kills it. Arguments by message: what to expose. */
import { pino } from 'pino'
import type { Exposure } from '../../../core/contract/worker.ts'
import { createRuntime } from '../runtime.ts'

const runtime = createRuntime({ log: pino({ level: 'silent' }), sessionsPerProcess: () => 1 })
const worker = runtime.worker({
  onOffer: async () => ({ accept: false, reason: 'test' }),
  onAssigned: () => undefined,
  onTerminated: () => undefined,
})

process.on('message', (exposure: Exposure) => {
  worker.expose([exposure])
  void worker.ready(exposure.connection_id, exposure.dispatch_name, 30_000).then(() => {
    process.send?.(runtime.processes().map(({ pid }) => pid))
  })
})
