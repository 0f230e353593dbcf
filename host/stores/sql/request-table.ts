import type { CallsDb } from './calls-schema.ts'

/** Inside a transaction that nobody else can take requests of the bucket beside; an older window is forgotten with the first of a newer. */
export async function takeRequests(
  db: CallsDb,
  tenant_id: string,
  { bucket, window, want, most }: Readonly<{ bucket: string; window: number; want: number; most: number }>,
): Promise<number> {
  const row = await db
    .selectFrom('request_window')
    .select(['number', 'used'])
    .where('tenant_id', '=', tenant_id)
    .where('bucket', '=', bucket)
    .executeTakeFirst()
  // A clock that is behind must not open a window again that is over elsewhere.
  if (row && row.number > window) return 0
  const before = row?.number === window ? row.used : 0
  const granted = Math.max(0, Math.min(want, most - before))
  const next = { number: window, used: before + granted }
  await db
    .insertInto('request_window')
    .values({ tenant_id, bucket, ...next })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'bucket']).doUpdateSet(next))
    .execute()
  return granted
}
