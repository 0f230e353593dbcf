import type { LimitStore } from '../../../core/store/limits.ts'
import type { CallsDb } from './calls-database.ts'
import { inTransaction } from './in-transaction.ts'
import { settleMinutes, takeMinutes, usedMinutes } from './minutes-table.ts'
import { countPlaces, leavePlace, renewPlaces, takePlace } from './place-table.ts'
import { takeRequests } from './request-table.ts'

/** What is used of limits; transactions of one file come one after the other, so that what each finds is exact. */
export const createLimitStore = (db: CallsDb): LimitStore => ({
  takePlace: ({ tenant_id }, place, limits, now) =>
    inTransaction(db, (writer) => takePlace(writer, tenant_id, place, limits, now)),
  renewPlaces: (owner, session_ids, lease_until) => renewPlaces(db, owner, session_ids, lease_until),
  leavePlace: ({ tenant_id }, session_id) => leavePlace(db, tenant_id, session_id),
  takeMinutes: ({ tenant_id }, use, limits) => inTransaction(db, (writer) => takeMinutes(writer, tenant_id, use, limits)),
  settleMinutes: ({ tenant_id }, session_id, used) =>
    inTransaction(db, (writer) => settleMinutes(writer, tenant_id, session_id, used)),
  takeRequests: ({ tenant_id }, bucket, window, want, most) =>
    inTransaction(db, (writer) => takeRequests(writer, tenant_id, { bucket, window, want, most })),
  usage: async ({ tenant_id }, month, now) => ({
    sessions: await countPlaces(db, tenant_id, now),
    minutes_ms: await usedMinutes(db, tenant_id, month, ''),
  }),
})
