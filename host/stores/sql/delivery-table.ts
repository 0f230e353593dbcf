import * as z from 'zod'
import { TenantId, UserId } from '../../../core/contract/ids.ts'
import { Delivery } from '../../../core/contract/webhooks.ts'
import { parseJson } from '../../../core/json.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { PageOf } from '../../../core/store/directory.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { StoredDelivery } from '../../../core/store/webhooks.ts'
import type { CallsDb } from './calls-schema.ts'
import type { Dialect } from './dialect.ts'
import { readCursor, writeCursor } from './cursor.ts'

const Stored = Delivery.extend({ body: z.json() })
const Place = z.tuple([z.number(), z.string()])

/** Newest first. */
export async function listDeliveries(
  db: CallsDb,
  tenant_id: string,
  webhook_id: string,
  { limit, cursor }: PageOf,
): Promise<Paged<Delivery>> {
  const all = db.selectFrom('webhook_delivery').where('tenant_id', '=', tenant_id).where('webhook_id', '=', webhook_id)
  const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  let page = all.selectAll().orderBy('created_at', 'desc').orderBy('delivery_id', 'desc')
  if (cursor !== undefined) {
    const [created_at, delivery_id] = readCursor(cursor, Place)
    page = page.where((eb) => eb(eb.refTuple('created_at', 'delivery_id'), '<', eb.tuple(created_at, delivery_id)))
  }
  const rows = await page.limit(limit + 1).execute()
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    rows: shown.map(({ body }) => Delivery.parse(parseJson(body))),
    count,
    ...(last && { next_cursor: writeCursor([last.created_at, last.delivery_id]) }),
  }
}

export async function findDelivery(db: CallsDb, tenant_id: string, delivery_id: string): Promise<StoredDelivery | undefined> {
  const row = await db
    .selectFrom('webhook_delivery')
    .select('body')
    .where('tenant_id', '=', tenant_id)
    .where('delivery_id', '=', delivery_id)
    .executeTakeFirst()
  return row && Stored.parse(parseJson(row.body))
}

/** In place of the one with this id; what it says of its next attempt counts from now on, also where an instance had hidden it. */
export async function saveDelivery(db: CallsDb, tenant_id: string, delivery: StoredDelivery): Promise<void> {
  const { delivery_id, webhook_id, session_id, state, next_at = null, created_at } = delivery
  const row = { webhook_id, session_id, state, next_at, hidden_until: 0, created_at, body: JSON.stringify(delivery) }
  await db
    .insertInto('webhook_delivery')
    .values({ tenant_id, delivery_id, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'delivery_id']).doUpdateSet(row))
    .execute()
}

export async function pruneDeliveries(db: CallsDb, before: number): Promise<number> {
  const over = db.deleteFrom('webhook_delivery').where('state', '<>', 'waiting').where('created_at', '<', before)
  return Number((await over.executeTakeFirst()).numDeletedRows)
}

export type Claimed = Readonly<{ scope: TenantScope; delivery: StoredDelivery }>

/** Each to one instance only: who comes second finds them hidden. */
export async function claimDeliveries(
  db: CallsDb,
  { skipLockedDeliveries }: Dialect,
  now: number,
  until: number,
  limit: number,
): Promise<readonly Claimed[]> {
  const due = await db
    .selectFrom('webhook_delivery')
    .innerJoin('session', 'session.session_id', 'webhook_delivery.session_id')
    .select(['webhook_delivery.tenant_id', 'delivery_id', 'body', 'user_id'])
    .where('webhook_delivery.state', '=', 'waiting')
    .where('next_at', '<=', now)
    .where('hidden_until', '<=', now)
    .orderBy('next_at')
    .limit(limit)
    .modifyEnd(skipLockedDeliveries)
    .execute()
  for (const { tenant_id, delivery_id } of due) {
    await db
      .updateTable('webhook_delivery')
      .set({ hidden_until: until })
      .where('tenant_id', '=', tenant_id)
      .where('delivery_id', '=', delivery_id)
      .execute()
  }
  return due.map(({ tenant_id, user_id, body }) => ({
    scope: { tenant_id: TenantId.parse(tenant_id), user_id: UserId.parse(user_id) },
    delivery: Stored.parse(parseJson(body)),
  }))
}
