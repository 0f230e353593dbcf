import * as z from 'zod'
import { SessionId } from '../../../core/contract/ids.ts'
import type { LimitReached, LimitStore, SessionPlace } from '../../../core/store/limits.ts'
import { monthOf, MS_OF_MINUTE } from '../sql/minutes-table.ts'
import type { Commit } from './committer.ts'
import type { DirectWrites } from './direct-writes.ts'
import { MINUTES, settleMinutes, TAKEN, takeMinutes, usedMinutes } from './minute-rows.ts'
import { SERVER, table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Unit } from './unit.ts'

const PlaceRow = z.object({ session_id: SessionId, key_id: z.string().optional(), owner: z.string(), lease_until: z.number() })
type PlaceRow = Readonly<z.infer<typeof PlaceRow>>
const PLACES = table('call_places', PlaceRow, ({ session_id }) => [session_id])

/** Whoever takes a place writes to this row of the tenant, so that of two at once one looks again. */
const LOCKS = table('call_place_locks', z.object({ n: z.int() }), () => ['places'])

const WindowRow = z.object({ bucket: z.string(), number: z.number(), used: z.number() })
const WINDOWS = table('request_windows', WindowRow, ({ bucket }) => [bucket])

type Most = Parameters<LimitStore['takePlace']>[2]

export const createLimitStore = (rows: TenantRows, direct: DirectWrites, commit: Commit): LimitStore => ({
  takePlace: ({ tenant_id }, place, limits, now) => commit((unit) => takePlace(unit, tenant_id, place, limits, now)),
  renewPlaces: async (owner, session_ids, lease_until) =>
    direct.setEverywhere(PLACES, { owner, session_id: { $in: [...session_ids] } }, { lease_until }),
  leavePlace: ({ tenant_id }, session_id) => commit(async (unit) => unit.remove(PLACES, tenant_id, [session_id])),
  takeMinutes: ({ tenant_id }, use, limits) => commit((unit) => takeMinutes(unit, tenant_id, use, limits)),
  settleMinutes: ({ tenant_id }, session_id, used) => commit((unit) => settleMinutes(unit, tenant_id, session_id, used)),
  takeRequests: async ({ tenant_id }, bucket, window, want, most) => {
    const isNow = { $eq: ['$number', window] }
    const isLater = { $gt: ['$number', window] }
    const before = { $cond: [isNow, '$used', 0] }
    const taken = { $max: [0, { $min: [want, { $subtract: [most, before] }] }] }
    const row = await direct.changeRow(
      WINDOWS,
      tenant_id,
      [bucket],
      [
        {
          $set: {
            bucket,
            number: { $cond: [isLater, '$number', window] },
            used: { $cond: [isLater, '$used', { $add: [before, taken] }] },
          },
        },
      ],
    )
    // A clock that is behind must not open a window again that is over elsewhere.
    if (row && row.number > window) return 0
    return Math.max(0, Math.min(want, most - (row?.number === window ? row.used : 0)))
  },
  prune: async (before) => {
    const month = { $lt: monthOf(before) }
    const gone = [
      await direct.removeEverywhere(MINUTES, { month }),
      await direct.removeEverywhere(TAKEN, { month }),
      await direct.removeEverywhere(WINDOWS, { number: { $lt: Math.floor(before / MS_OF_MINUTE) } }),
    ]
    return gone.reduce((sum, one) => sum + one, 0)
  },
  usage: async ({ tenant_id }, month, now) => ({
    sessions: await rows.count(PLACES, tenant_id, { lease_until: { $gte: now } }),
    minutes_ms: (await rows.one(MINUTES, tenant_id, [month, '']))?.ms ?? 0,
  }),
})

/** Places whose lease ran out count for nothing and are taken away. */
async function takePlace(
  unit: Unit,
  tenant_id: string,
  place: SessionPlace,
  limits: Most,
  now: number,
): Promise<LimitReached | undefined> {
  for (const of of limits.server === undefined ? [tenant_id] : [SERVER, tenant_id]) {
    unit.put(LOCKS, of, { n: ((await unit.find(LOCKS, of, ['places']))?.n ?? 0) + 1 })
  }
  const held = await unit.find(PLACES, tenant_id, [place.session_id])
  // One whose lease ran out has lost its place, and stands in line again.
  const reached = held && held.lease_until >= now ? undefined : await findReached(unit, tenant_id, place, limits, now)
  if (reached) return reached
  for (const gone of await unit.query(PLACES, tenant_id, { lease_until: { $lt: now } }, ({ lease_until }) => lease_until < now)) {
    unit.remove(PLACES, tenant_id, [gone.session_id])
  }
  unit.put(PLACES, tenant_id, place)
  return undefined
}

async function findReached(
  unit: Unit,
  tenant_id: string,
  { key_id, session_id }: SessionPlace,
  { tenant, key, server }: Most,
  now: number,
): Promise<LimitReached | undefined> {
  const isOther = (row: PlaceRow): boolean => row.session_id !== session_id && row.lease_until >= now
  const others = { lease_until: { $gte: now } }
  const own = await unit.query(PLACES, tenant_id, others, isOther)
  const all = server === undefined ? [] : await unit.queryEverywhere(PLACES, others, isOther)
  const minutes = async (bucket: string) => (await usedMinutes(unit, tenant_id, monthOf(now), bucket)) / MS_OF_MINUTE
  const reached = [
    full('sessions', 'server', server, all.length),
    full('sessions', 'tenant', tenant.sessions, own.length),
    full('minutes_per_month', 'tenant', tenant.minutes_per_month, await minutes('')),
  ]
  if (key_id !== undefined) {
    const ofKey = own.filter((row) => row.key_id === key_id).length
    reached.push(full('sessions', 'key', key?.sessions, ofKey))
    reached.push(full('minutes_per_month', 'key', key?.minutes_per_month, await minutes(`key:${key_id}`)))
  }
  return reached.find((limit) => limit !== undefined)
}

const full = (
  limit: LimitReached['limit'],
  of: LimitReached['of'],
  most: number | null | undefined,
  used: number,
): LimitReached | undefined => (most === null || most === undefined || used < most ? undefined : { limit, of, used, most })
