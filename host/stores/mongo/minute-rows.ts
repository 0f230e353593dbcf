import * as z from 'zod'
import { SessionId } from '../../../core/contract/ids.ts'
import type { LimitStore } from '../../../core/store/limits.ts'
import { MS_OF_MINUTE } from '../sql/minutes-table.ts'
import { table } from './table.ts'
import type { Unit } from './unit.ts'

/** `bucket`: empty for the whole tenant, `key:ID` for one of its keys. */
const MinutesRow = z.object({ month: z.string(), bucket: z.string(), ms: z.number() })
export const MINUTES = table('call_minutes', MinutesRow, ({ month, bucket }) => [month, bucket])

const TakenRow = MinutesRow.extend({ session_id: SessionId })
export const TAKEN = table('call_minutes_taken', TakenRow, ({ session_id, month, bucket }) => [session_id, month, bucket])

type Use = Parameters<LimitStore['takeMinutes']>[1]

export const usedMinutes = async (unit: Unit, tenant_id: string, month: string, bucket: string): Promise<number> =>
  (await unit.find(MINUTES, tenant_id, [month, bucket]))?.ms ?? 0

/** All that is asked for, or what is left. */
export async function takeMinutes(
  unit: Unit,
  tenant_id: string,
  { session_id, month, ms, key }: Use,
  limits: Parameters<LimitStore['takeMinutes']>[2],
): Promise<Readonly<{ granted_ms: number; used_ms: number }>> {
  const used = await usedMinutes(unit, tenant_id, month, '')
  const buckets = [{ bucket: '', left: left(limits.minutes_per_month, used) }]
  if (key) {
    const bucket = `key:${key.key_id}`
    buckets.push({ bucket, left: left(key.limits.minutes_per_month, await usedMinutes(unit, tenant_id, month, bucket)) })
  }
  const granted_ms = Math.min(ms, ...buckets.map((one) => one.left))
  for (const { bucket } of granted_ms > 0 ? buckets : []) {
    await add(unit, tenant_id, month, bucket, granted_ms)
    const before = (await unit.find(TAKEN, tenant_id, [session_id, month, bucket]))?.ms ?? 0
    unit.put(TAKEN, tenant_id, { session_id, month, bucket, ms: before + granted_ms })
  }
  return { granted_ms, used_ms: used + granted_ms }
}

const left = (most: number | null | undefined, used: number): number =>
  most === null || most === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, most * MS_OF_MINUTE - used)

/** What a session took is given back, and what it used stands in its place; a session that took nothing is settled already. */
export async function settleMinutes(
  unit: Unit,
  tenant_id: string,
  session_id: SessionId,
  used: Readonly<Record<string, number>>,
): Promise<void> {
  const taken = await unit.query(TAKEN, tenant_id, { session_id }, (row) => row.session_id === session_id)
  for (const { month, bucket, ms } of taken) {
    await add(unit, tenant_id, month, bucket, -ms)
    unit.remove(TAKEN, tenant_id, [session_id, month, bucket])
  }
  for (const bucket of new Set(taken.map((row) => row.bucket))) {
    for (const [month, ms] of Object.entries(used)) await add(unit, tenant_id, month, bucket, ms)
  }
}

async function add(unit: Unit, tenant_id: string, month: string, bucket: string, ms: number): Promise<void> {
  unit.put(MINUTES, tenant_id, { month, bucket, ms: (await usedMinutes(unit, tenant_id, month, bucket)) + ms })
}
