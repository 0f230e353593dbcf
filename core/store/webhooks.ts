import type { Delivery, Webhook } from '../contract/webhooks.ts'
import type { Json } from '../json.ts'
import type { Paged } from './agents.ts'
import type { PageOf } from './directory.ts'
import type { TenantScope } from './scope.ts'

/** `secret`: name of the sealed secret that signs. */
export type StoredWebhook = Webhook & Readonly<{ secret: string }>

export type WebhookReads = Readonly<{ list: (scope: TenantScope) => Promise<readonly StoredWebhook[]> }>

export type WebhookChange =
  Readonly<{ kind: 'webhook.save'; webhook: StoredWebhook }> | Readonly<{ kind: 'webhook.remove'; webhook_id: string }>

/** `body`: what is sent, as it was when the event happened. */
export type StoredDelivery = Delivery & Readonly<{ body: Json }>

/** Deliveries lie beside the calls that they tell of, so that an end and its deliveries are one commit. */
export type DeliveryReads = Readonly<{
  list: (scope: TenantScope, webhook_id: string, page: PageOf) => Promise<Paged<Delivery>>
  find: (scope: TenantScope, delivery_id: string) => Promise<StoredDelivery | undefined>
  /**
   * Takes deliveries of every tenant that are due (`next_at` ≤ `now`) and hides them from other instances until `until`; each goes to one
   * instance only.
   */
  claim: (
    now: number,
    until: number,
    limit: number,
  ) => Promise<readonly Readonly<{ scope: TenantScope; delivery: StoredDelivery }>[]>
  /** Of every tenant: removes those that are over and were made before `before` (ms); resolves to how many. */
  prune: (before: number) => Promise<number>
}>

export type DeliveryChange = Readonly<{ kind: 'delivery.save'; delivery: StoredDelivery }>
