import * as z from 'zod'
import { TenantId } from '../../../core/contract/ids.ts'
import { Delivery } from '../../../core/contract/webhooks.ts'
import type { DeliveryReads, StoredDelivery } from '../../../core/store/webhooks.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { DELIVERIES } from './call-tables.ts'
import type { DirectWrites } from './direct-writes.ts'
import type { RowOfTenant, TenantRows, Where } from './tenant-rows.ts'

const Place = z.tuple([z.number(), z.string()])
type Row = StoredDelivery & Readonly<{ user_id: RowUser; due_at?: number | undefined }>
type RowUser = Awaited<ReturnType<DeliveryReads['claim']>>[number]['scope']['user_id']
type Claimed = Awaited<ReturnType<DeliveryReads['claim']>>[number]

export const deliveryReads = (rows: TenantRows, direct: DirectWrites): DeliveryReads => ({
  list: async ({ tenant_id }, webhook_id, { limit, cursor }) => {
    const of: Where = { webhook_id }
    const [count, found] = await Promise.all([
      rows.count(DELIVERIES, tenant_id, of),
      rows.many(DELIVERIES, tenant_id, cursor === undefined ? of : { $and: [of, olderThan(cursor)] }, {
        sort: { created_at: -1, delivery_id: -1 },
        limit: limit + 1,
      }),
    ])
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return {
      rows: shown.map((row) => Delivery.parse(row)),
      count,
      ...(last && { next_cursor: writeCursor([last.created_at, last.delivery_id]) }),
    }
  },
  find: async ({ tenant_id }, delivery_id) => {
    const row = await rows.one(DELIVERIES, tenant_id, [delivery_id])
    return row && stored(row)
  },
  claim: async (now, until, limit) => {
    const claimed: Claimed[] = []
    while (claimed.length < limit) {
      const due: Where = { state: 'waiting', due_at: { $lte: now } }
      const next = await direct.claimEverywhere(DELIVERIES, due, { due_at: until }, { due_at: 1 })
      if (!next) break
      claimed.push(toClaimed(next))
    }
    return claimed
  },
  prune: (before) => direct.removeEverywhere(DELIVERIES, { state: { $ne: 'waiting' }, created_at: { $lt: before } }),
})

const stored = ({ user_id: _, due_at: __, ...delivery }: Row): StoredDelivery => delivery

const toClaimed = ({ tenant_id, row }: RowOfTenant<Row>): Claimed => ({
  scope: { tenant_id: TenantId.parse(tenant_id), user_id: row.user_id },
  delivery: stored(row),
})

function olderThan(cursor: string): Where {
  const [created_at, delivery_id] = readCursor(cursor, Place)
  return { $or: [{ created_at: { $lt: created_at } }, { created_at, delivery_id: { $lt: delivery_id } }] }
}
