import type { SessionId } from '../../../core/contract/ids.ts'
import type { LimitReached, LimitStore, SessionPlace } from '../../../core/store/limits.ts'
import type { CallsDb } from './calls-schema.ts'
import { monthOf, MS_OF_MINUTE, usedMinutes } from './minutes-table.ts'

type Most = Parameters<LimitStore['takePlace']>[2]

/** Inside a transaction that nobody else can take places beside. Places whose lease ran out count for nothing and are taken away. */
export async function takePlace(
  db: CallsDb,
  tenant_id: string,
  place: SessionPlace,
  limits: Most,
  now: number,
): Promise<LimitReached | undefined> {
  const { session_id, key_id = null, owner, lease_until } = place
  await db
    .deleteFrom('session_place')
    .where('tenant_id', '=', tenant_id)
    .where('lease_until', '<', now)
    .where('session_id', '<>', session_id)
    .execute()
  const held = await db
    .selectFrom('session_place')
    .select('lease_until')
    .where('tenant_id', '=', tenant_id)
    .where('session_id', '=', session_id)
    .executeTakeFirst()
  // One whose lease ran out has lost its place, and stands in line again.
  const reached = held && held.lease_until >= now ? undefined : await findReached(db, tenant_id, place, limits, now)
  if (reached) return reached
  const row = { key_id, owner, lease_until }
  await db
    .insertInto('session_place')
    .values({ tenant_id, session_id, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'session_id']).doUpdateSet(row))
    .execute()
  return undefined
}

async function findReached(
  db: CallsDb,
  tenant_id: string,
  { key_id, session_id }: SessionPlace,
  { tenant, key, server }: Most,
  now: number,
): Promise<LimitReached | undefined> {
  const others = db.selectFrom('session_place').where('session_id', '<>', session_id).where('lease_until', '>=', now)
  const count = async (places: typeof others) =>
    (await places.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count
  const own = others.where('tenant_id', '=', tenant_id)
  const minutes = (of: 'tenant' | 'key', most: number | null | undefined, bucket: string) =>
    full('minutes_per_month', of, most, async () => {
      return (await usedMinutes(db, tenant_id, monthOf(now), bucket)) / MS_OF_MINUTE
    })
  return (
    (await full('sessions', 'server', server, () => count(others))) ??
    (await full('sessions', 'tenant', tenant.sessions, () => count(own))) ??
    (await minutes('tenant', tenant.minutes_per_month, '')) ??
    (key_id === undefined
      ? undefined
      : ((await full('sessions', 'key', key?.sessions, () => count(own.where('key_id', '=', key_id)))) ??
        (await minutes('key', key?.minutes_per_month, `key:${key_id}`))))
  )
}

async function full(
  limit: LimitReached['limit'],
  of: LimitReached['of'],
  most: number | null | undefined,
  usedNow: () => Promise<number>,
): Promise<LimitReached | undefined> {
  if (most === null || most === undefined) return undefined
  const used = await usedNow()
  return used >= most ? { limit, of, used, most } : undefined
}

export async function renewPlaces(
  db: CallsDb,
  owner: string,
  session_ids: readonly SessionId[],
  lease_until: number,
): Promise<void> {
  if (session_ids.length === 0) return
  await db
    .updateTable('session_place')
    .set({ lease_until })
    .where('owner', '=', owner)
    .where('session_id', 'in', session_ids)
    .execute()
}

export async function leavePlace(db: CallsDb, tenant_id: string, session_id: SessionId): Promise<void> {
  await db.deleteFrom('session_place').where('tenant_id', '=', tenant_id).where('session_id', '=', session_id).execute()
}

export async function countPlaces(db: CallsDb, tenant_id: string, now: number): Promise<number> {
  const { count } = await db
    .selectFrom('session_place')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', tenant_id)
    .where('lease_until', '>=', now)
    .executeTakeFirstOrThrow()
  return count
}
