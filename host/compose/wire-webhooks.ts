import type { CallStore } from '../../core/store/calls.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { createDeliveryLoop } from '../webhooks/delivery-loop.ts'
import { webhookHandlers } from '../webhooks/webhook-handlers.ts'
import { withDeliveries } from '../webhooks/with-deliveries.ts'
import type { Base } from './base.ts'
import { createTenantReach } from './tenant-reach.ts'

/** Webhooks: `calls` writes deliveries with what they tell of; once `begin` was called this host sends what is due. */
export function wireWebhooks({ store, secrets, clock, log, closing }: Base, stored: CallStore) {
  const reach = createTenantReach(store)
  const loop = createDeliveryLoop({
    ...{ store, calls: stored, clock, log },
    secretOf: async (scope, { secret }) => {
      const sealed = await store.secrets.find(scope, secret)
      if (sealed) return secrets.envelope.open(scope.tenant_id, sealed)
      throw new StudioError('not_found', 'The secret that signs is not there any more.', 'Make the webhook anew.')
    },
    fetchOf: reach.fetchOf,
  })
  closing.add(loop.close)
  return {
    calls: withDeliveries(stored, { webhooks: store.webhooks, onWritten: loop.kick, clock }),
    begin: loop.kick,
    handlers: webhookHandlers({
      ...{ store, calls: stored, seal: secrets.envelope.seal, kick: loop.kick, clock },
      requireReachable: reach.requireLikely,
    }),
  }
}
