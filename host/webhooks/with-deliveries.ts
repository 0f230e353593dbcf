import { v7 } from 'uuid'
import type { CallChange, CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { StoredWebhook, WebhookReads } from '../../core/store/webhooks.ts'
import { describeHappening, happeningsIn, type SessionHappening } from './session-events.ts'

export type WithDeliveries = Readonly<{
  webhooks: WebhookReads
  /** Deliveries were written: they are due. */
  onWritten: () => void
  clock: () => number
}>

/** The same calls; beginnings and ends are committed together with the deliveries that tell webhooks of them, so that neither is lost alone. */
export function withDeliveries(calls: CallStore, { webhooks, onWritten, clock }: WithDeliveries): CallStore {
  async function deliveriesOf(
    scope: TenantScope,
    happening: SessionHappening,
    all: readonly StoredWebhook[],
  ): Promise<readonly CallChange[]> {
    const wanted = all.filter(({ enabled, events }) => enabled && events.includes(happening.event))
    const body = wanted.length === 0 ? undefined : await describeHappening(calls, scope, happening)
    if (!body) return []
    const { event, session_id } = happening
    const now = clock()
    return wanted.map(({ webhook_id }) => ({
      kind: 'delivery.save',
      delivery: {
        ...{ delivery_id: v7(), webhook_id, event, session_id, body },
        ...{ state: 'waiting', attempts: 0, next_at: now, created_at: now },
      },
    }))
  }
  return {
    ...calls,
    async commit(scope, changes) {
      const happenings = happeningsIn(changes)
      if (happenings.length === 0) return calls.commit(scope, changes)
      const all = await webhooks.list(scope)
      const deliveries: CallChange[] = []
      for (const happening of happenings) deliveries.push(...(await deliveriesOf(scope, happening, all)))
      const sessions = await calls.commit(scope, [...changes, ...deliveries])
      if (deliveries.length > 0) onWritten()
      return sessions
    },
  }
}
