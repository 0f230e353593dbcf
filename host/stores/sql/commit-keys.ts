import type { CallsDb } from './calls-schema.ts'
import type { StudioDb } from './studio-schema.ts'

/** Longer than anybody goes on asking after a lost answer. */
export const KEY_KEPT_MS = 600_000
const PRUNED_EVERY_MS = 60_000

/** In the transaction of a commit. False: it happened already; whoever comes at the same moment waits until it is known. */
export async function isFirst(db: StudioDb, tenant_id: string, key: string, at: number): Promise<boolean> {
  const row = { tenant_id, key, at }
  const kept = await db
    .insertInto('commit_key')
    .values(row)
    .onConflict((there) => there.doNothing())
    .returning('key')
    .execute()
  return kept.length > 0
}

/** The same of a commit of calls. */
export async function isFirstOfCalls(db: CallsDb, tenant_id: string, key: string, at: number): Promise<boolean> {
  const row = { tenant_id, key, at }
  const keys = db.insertInto('call_commit_key').values(row)
  return (
    (
      await keys
        .onConflict((there) => there.doNothing())
        .returning('key')
        .execute()
    ).length > 0
  )
}

/** Forgets old keys, now and then, before a commit that brings one. */
export function createKeyPruning(prune: (before: number) => Promise<unknown>): (now: number) => Promise<void> {
  let pruned_at = 0
  return async (now) => {
    if (now - pruned_at < PRUNED_EVERY_MS) return
    pruned_at = now
    await prune(now - KEY_KEPT_MS)
  }
}
