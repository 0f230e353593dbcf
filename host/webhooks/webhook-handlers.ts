import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import type { Webhook } from '../../core/contract/webhooks.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SealedSecret } from '../../core/store/sealed-secrets.ts'
import type { Store } from '../../core/store/store.ts'
import type { StoredWebhook } from '../../core/store/webhooks.ts'
import type { HandlersOf } from '../handler.ts'
import { makeWebhookSecret, secretNameOf } from './webhook-secret.ts'

export type WebhookHandlerDeps = Readonly<{
  store: Pick<Store, 'webhooks' | 'commit'>
  calls: Pick<CallStore, 'commit' | 'deliveries'>
  seal: (tenant_id: string, name: string, value: string, now: number) => Promise<SealedSecret>
  /** Throws `forbidden` for an address that the tenant may not reach, as far as that is known before it is looked up. */
  requireReachable: (scope: TenantScope, url: string) => Promise<void>
  /** Something is due. */
  kick: () => void
  clock: () => number
}>

const MOST = 100

/** Addresses that are told what happens, and what became of telling them. */
export function webhookHandlers(
  deps: WebhookHandlerDeps,
): HandlersOf<
  'webhook.list' | 'webhook.create' | 'webhook.update' | 'webhook.delete' | 'webhook.deliveries' | 'webhook.redeliver'
> {
  const { store, calls, seal, requireReachable, kick, clock } = deps

  async function find(scope: TenantScope, webhook_id: string): Promise<StoredWebhook> {
    const found = (await store.webhooks.list(scope)).find((one) => one.webhook_id === webhook_id)
    if (found) return found
    throw new StudioError('not_found', 'There is no such webhook in this tenant.', 'See /api/v1/webhooks.')
  }
  return {
    'webhook.list': async (_input, { caller }) => ({ webhooks: (await store.webhooks.list(caller)).map(shown) }),
    'webhook.create': async ({ url, events }, { caller }) => {
      await requireReachable(caller, url)
      if ((await store.webhooks.list(caller)).length >= MOST) throw tooMany()
      const value = makeWebhookSecret()
      const webhook_id = v7()
      const name = secretNameOf(webhook_id)
      const webhook: StoredWebhook = { webhook_id, url, events, enabled: true, created_at: clock(), secret: name }
      await store.commit(
        caller,
        [
          { kind: 'secret.keep', secret: await seal(caller.tenant_id, name, value, clock()) },
          { kind: 'webhook.save', webhook },
        ],
        { action: 'webhook.create', subject: webhook_id, detail: { events } },
      )
      return { webhook: shown(webhook), secret: value }
    },
    'webhook.update': async ({ webhook_id, url, events, enabled }, { caller }) => {
      const before = await find(caller, webhook_id)
      if (url !== undefined) await requireReachable(caller, url)
      const webhook: StoredWebhook = {
        ...before,
        ...{ url: url ?? before.url, events: events ?? before.events, enabled: enabled ?? before.enabled },
      }
      await store.commit(caller, [{ kind: 'webhook.save', webhook }], {
        action: 'webhook.update',
        subject: webhook_id,
        detail: { events: webhook.events, enabled: webhook.enabled, moved: webhook.url !== before.url },
      })
      return shown(webhook)
    },
    'webhook.delete': async ({ webhook_id }, { caller }) => {
      const { secret: name } = await find(caller, webhook_id)
      await store.commit(
        caller,
        [
          { kind: 'webhook.remove', webhook_id },
          { kind: 'secret.forget', name },
        ],
        { action: 'webhook.delete', subject: webhook_id, detail: {} },
      )
      return {}
    },
    'webhook.deliveries': async ({ webhook_id, limit, cursor }, { caller }) => {
      await find(caller, webhook_id)
      const { rows, ...page } = await calls.deliveries.list(caller, webhook_id, { limit, cursor })
      return { deliveries: [...rows], ...page }
    },
    'webhook.redeliver': async ({ webhook_id, delivery_id }, { caller }) => {
      const { enabled } = await find(caller, webhook_id)
      if (!enabled) throw new StudioError('conflict', 'The webhook is disabled.', 'Enable it first.')
      const found = await calls.deliveries.find(caller, delivery_id)
      if (found?.webhook_id !== webhook_id)
        throw new StudioError('not_found', 'There is no such delivery of this webhook.', 'See its deliveries.')
      const { delivered_at: _, error: __, status: ___, ...rest } = found
      const delivery = { ...rest, state: 'waiting', attempts: 0, next_at: clock() } as const
      await calls.commit(caller, [{ kind: 'delivery.save', delivery }])
      await store.commit(caller, [], { action: 'webhook.redeliver', subject: webhook_id, detail: { delivery_id } })
      kick()
      const { body: ____, ...told } = delivery
      return told
    },
  }
}

const shown = ({ secret: _, ...webhook }: StoredWebhook): Webhook => webhook

const tooMany = () =>
  new StudioError('quota_exceeded', `A tenant has at most ${MOST} webhooks.`, 'Remove one that is not needed any more.')
