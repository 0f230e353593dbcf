import type { Stores } from '../../core/store/stores.ts'
import type { Readiness } from '../http/health-server.ts'
import type { Worker } from '../runtime/worker-port.ts'

type ReadinessDeps = Readonly<{
  stores: Pick<Stores, 'health'>
  worker: Pick<Worker, 'state'>
  drain: (signal: AbortSignal) => Promise<void>
}>

/** Whether others may send work here: not while the store is away, nor from the moment on at which this host is about to stop. */
export function wireReadiness({ stores, worker, drain }: ReadinessDeps) {
  let draining = false
  return {
    drain: (signal: AbortSignal): Promise<void> => {
      draining = true
      return drain(signal)
    },
    readiness: async (): Promise<Readiness> => {
      const { kind, state: store_state, since, reason, notes } = await stores.health()
      const { state, sessions, load, registrations } = worker.state()
      const why = state === 'failed' || state === 'lost' ? registrations.find(({ reason: one }) => one)?.reason : undefined
      return {
        ready: !draining && store_state !== 'down',
        detail: {
          draining,
          store: { kind, state: store_state, since: new Date(since).toISOString(), notes: [...notes], ...(reason && { reason }) },
          worker: { state, sessions, load, registrations: registrations.length, ...(why !== undefined && { reason: why }) },
        },
      }
    },
  }
}
