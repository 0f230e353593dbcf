import type { CallStore } from '../../core/store/calls.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { addressRuleHere, hostOf } from '../fetching/address-rule.ts'
import { createGuardedFetch } from '../fetching/guarded-fetch.ts'
import { createDeliveryLoop } from '../webhooks/delivery-loop.ts'
import { webhookHandlers } from '../webhooks/webhook-handlers.ts'
import { withDeliveries } from '../webhooks/with-deliveries.ts'
import type { Base } from './base.ts'

/** Webhooks: `calls` writes deliveries with what they tell of; once `begin` was called this host sends what is due. */
export function wireWebhooks({ store, secrets, clock, log, closing }: Base, stored: CallStore) {
  const rule = addressRuleHere(process.env)
  const [open, guarded] = [createGuardedFetch({ rule: () => undefined }), createGuardedFetch({ rule })]
  const mayReachAll = async ({ tenant_id }: TenantScope) => (await store.directory.tenant(tenant_id))?.private_addresses === true
  const loop = createDeliveryLoop({
    ...{ store, calls: stored, clock, log },
    secretOf: async (scope, { secret }) => {
      const sealed = await store.secrets.find(scope, secret)
      if (sealed) return secrets.envelope.open(scope.tenant_id, sealed)
      throw new StudioError('not_found', 'The secret that signs is not there any more.', 'Make the webhook anew.')
    },
    fetchOf: async (scope) => ((await mayReachAll(scope)) ? open : guarded),
  })
  closing.add(loop.close)
  return {
    calls: withDeliveries(stored, { webhooks: store.webhooks, onWritten: loop.kick, clock }),
    begin: loop.kick,
    handlers: webhookHandlers({
      ...{ store, calls: stored, seal: secrets.envelope.seal, kick: loop.kick, clock },
      requireReachable: async (scope, url) => {
        const kind = rule(hostOf(url))
        if (kind === undefined || kind === 'no address' || (await mayReachAll(scope))) return
        throw new StudioError(
          'forbidden',
          `This address is ${kind}, which this tenant may not reach.`,
          'Use a public address, or ask the operator of the server to allow private ones.',
        )
      },
    }),
  }
}
