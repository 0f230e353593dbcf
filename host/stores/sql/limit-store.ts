import type { LimitStore } from '../../../core/store/limits.ts'
import type { CallsDatabase } from './calls-schema.ts'
import { pruneUse, settleMinutes, takeMinutes, usedMinutes } from './minutes-table.ts'
import { countPlaces, leavePlace, renewPlaces, takePlace } from './place-table.ts'
import { takeRequests } from './request-table.ts'
import type { Runner } from './runner.ts'

const SERVER = 'places of the server'
const placesOf = (tenant_id: string) => `places of ${tenant_id}`
const minutesOf = (tenant_id: string) => `minutes of ${tenant_id}`

/** What is used of limits. Whoever takes something holds the lock of what it is taken from, so that what each finds is exact. */
export const createLimitStore = ({ read, write, writeAcross }: Runner<CallsDatabase>): LimitStore => ({
  takePlace: ({ tenant_id }, place, limits, now) => {
    const locks = [...(limits.server === undefined ? [] : [SERVER]), placesOf(tenant_id)]
    // Across tenants, as the places of a server are those of all of them.
    return writeAcross(locks, (db) => takePlace(db, tenant_id, place, limits, now))
  },
  renewPlaces: (owner, session_ids, lease_until) => writeAcross([], (db) => renewPlaces(db, owner, session_ids, lease_until)),
  leavePlace: ({ tenant_id }, session_id) => write(tenant_id, [], (db) => leavePlace(db, tenant_id, session_id)),
  takeMinutes: ({ tenant_id }, use, limits) =>
    write(tenant_id, [minutesOf(tenant_id)], (db) => takeMinutes(db, tenant_id, use, limits)),
  settleMinutes: ({ tenant_id }, session_id, used) =>
    write(tenant_id, [minutesOf(tenant_id)], (db) => settleMinutes(db, tenant_id, session_id, used)),
  takeRequests: ({ tenant_id }, bucket, window, want, most) =>
    write(tenant_id, [`requests of ${tenant_id} ${bucket}`], (db) => takeRequests(db, tenant_id, { bucket, window, want, most })),
  prune: (before) => writeAcross([], (db) => pruneUse(db, before)),
  usage: ({ tenant_id }, month, now) =>
    read(tenant_id, async (db) => ({
      sessions: await countPlaces(db, tenant_id, now),
      minutes_ms: await usedMinutes(db, tenant_id, month, ''),
    })),
})
