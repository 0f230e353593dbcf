import type { SessionId } from '../../../core/contract/ids.ts'
import type { LimitStore } from '../../../core/store/limits.ts'
import type { CallsDb } from './calls-schema.ts'

export const MS_OF_MINUTE = 60_000
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7)

type Use = Parameters<LimitStore['takeMinutes']>[1]

/** `bucket`: empty for the whole tenant, `key:ID` for one of its keys. */
export async function usedMinutes(db: CallsDb, tenant_id: string, month: string, bucket: string): Promise<number> {
  const row = await db
    .selectFrom('minutes')
    .select('ms')
    .where('tenant_id', '=', tenant_id)
    .where('month', '=', month)
    .where('bucket', '=', bucket)
    .executeTakeFirst()
  return row?.ms ?? 0
}

/** Inside a transaction that nobody else can take minutes of the tenant beside: all that is asked for, or what is left. */
export async function takeMinutes(
  db: CallsDb,
  tenant_id: string,
  { session_id, month, ms, key }: Use,
  limits: Parameters<LimitStore['takeMinutes']>[2],
): Promise<Readonly<{ granted_ms: number; used_ms: number }>> {
  const used = await usedMinutes(db, tenant_id, month, '')
  const buckets = [{ bucket: '', left: left(limits.minutes_per_month, used) }]
  if (key) {
    const bucket = `key:${key.key_id}`
    buckets.push({ bucket, left: left(key.limits.minutes_per_month, await usedMinutes(db, tenant_id, month, bucket)) })
  }
  const granted_ms = Math.min(ms, ...buckets.map(({ left }) => left))
  for (const { bucket } of granted_ms > 0 ? buckets : []) {
    await add(db, tenant_id, month, bucket, granted_ms)
    await db
      .insertInto('session_minutes')
      .values({ tenant_id, session_id, month, bucket, ms: granted_ms })
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'session_id', 'month', 'bucket'])
          .doUpdateSet((eb) => ({ ms: eb('session_minutes.ms', '+', granted_ms) })),
      )
      .execute()
  }
  return { granted_ms, used_ms: used + granted_ms }
}

const left = (most: number | null | undefined, used: number): number =>
  most === null || most === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, most * MS_OF_MINUTE - used)

/** What a session took is given back, and what it used stands in its place; a session that took nothing is settled already. */
export async function settleMinutes(
  db: CallsDb,
  tenant_id: string,
  session_id: SessionId,
  used: Readonly<Record<string, number>>,
): Promise<void> {
  const taken = await db
    .deleteFrom('session_minutes')
    .where('tenant_id', '=', tenant_id)
    .where('session_id', '=', session_id)
    .returningAll()
    .execute()
  for (const { month, bucket, ms } of taken) await add(db, tenant_id, month, bucket, -ms)
  for (const bucket of new Set(taken.map((row) => row.bucket))) {
    for (const [month, ms] of Object.entries(used)) await add(db, tenant_id, month, bucket, ms)
  }
}

export async function pruneUse(db: CallsDb, before: number): Promise<number> {
  const month = monthOf(before)
  const minutes = await db.deleteFrom('minutes').where('month', '<', month).executeTakeFirst()
  const taken = await db.deleteFrom('session_minutes').where('month', '<', month).executeTakeFirst()
  const number = Math.floor(before / MS_OF_MINUTE)
  const requests = await db.deleteFrom('request_window').where('number', '<', number).executeTakeFirst()
  return [minutes, taken, requests].reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0)
}

async function add(db: CallsDb, tenant_id: string, month: string, bucket: string, ms: number): Promise<void> {
  await db
    .insertInto('minutes')
    .values({ tenant_id, month, bucket, ms })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'month', 'bucket']).doUpdateSet((eb) => ({ ms: eb('minutes.ms', '+', ms) })),
    )
    .execute()
}
