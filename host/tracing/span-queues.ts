import type { TenantId } from '../../core/contract/ids.ts'
import { createSpanWriter, type ResourceFacts, type SpanWriter } from './otlp-body.ts'
import { createSpanQueue, type QueueDeps, type SpanQueue, type TargetState } from './span-queue.ts'
import { targetKey, type SpanTarget } from './span-target.ts'

export type SpanQueues = Readonly<{
  /** `of`: the tenant whose agent names it; absent: the environment does. */
  to: (target: SpanTarget, of?: TenantId) => SpanQueue
  /** Of those that the tenant's agents name; `environment`: and of those of the environment. */
  states: (tenant_id: TenantId, environment: boolean) => readonly TargetState[]
  /** Sends what waits, for a moment. */
  close: () => Promise<void>
}>

const GRACE_MS = 3000
/** Tenants change their places and keys: what was not used for so long is forgotten, keys and all. */
const IDLE_MS = 10 * 60_000
const LOOK_MS = 60_000

type Kept = Readonly<{ queue: SpanQueue; of: TenantId | undefined }>

/** A queue for each place that takes spans: those of the environment for as long as the host lives, those of tenants while they are used. */
export function createSpanQueues(deps: Omit<QueueDeps, 'target' | 'writer'> & ResourceFacts): SpanQueues {
  const queues = new Map<string, Kept>()
  let writer: Promise<SpanWriter> | undefined
  const looking = setInterval(forgetIdle, LOOK_MS).unref()

  function forgetIdle(): void {
    for (const [key, { queue, of }] of queues) {
      if (of === undefined || !queue.isIdle(IDLE_MS)) continue
      queues.delete(key)
      void queue.close(0)
    }
  }

  return {
    to(target, of) {
      const key = `${of ?? ''}\0${targetKey(target)}`
      const known = queues.get(key)
      if (known) return known.queue
      const queue = createSpanQueue({ ...deps, target, writer: () => (writer ??= createSpanWriter(deps)) })
      queues.set(key, { queue, of })
      return queue
    },
    states(tenant_id, environment) {
      forgetIdle()
      return [...queues.values()]
        .filter(({ of }) => (of === undefined ? environment : of === tenant_id))
        .map(({ queue }) => queue.state())
    },
    close: async () => {
      clearInterval(looking)
      await Promise.all([...queues.values()].map(({ queue }) => queue.close(GRACE_MS)))
    },
  }
}
