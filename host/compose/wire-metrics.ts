import type { Stores } from '../../core/store/stores.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Worker } from '../runtime/worker-port.ts'
import type { Base } from './base.ts'

/** What this host counts, from what happens in it. */
export function wireMetrics(
  { onEvent }: Base,
  { metrics, stores, worker }: Readonly<{ metrics: Metrics; stores: Pick<Stores, 'health'>; worker: Pick<Worker, 'state'> }>,
): void {
  metrics.watch({
    sessionsActive: () => worker.state().sessions,
    storeUp: async () => (await stores.health()).state !== 'down',
    worker: () => {
      const { state, load } = worker.state()
      return { available: state === 'ready', load }
    },
  })
  onEvent((event) => {
    if (event.type !== 'session.changed' || event.session.state !== 'ended') return
    metrics.sessionEnded(event.session.end_reason ?? 'unknown')
  })
}
