import type { SessionId } from '../../../core/contract/ids.ts'
import type { CallStore } from '../../../core/store/calls.ts'
import { calledBy, CALLS, COMMANDS, DELIVERIES, JOURNAL, WORDS } from './call-tables.ts'
import type { Commit } from './committer.ts'
import type { Table } from './table.ts'
import type { TenantRows, Where } from './tenant-rows.ts'
import type { Unit } from './unit.ts'

/** What was committed is no longer told by anything but the rows themselves. */
export type ForgetLog = () => Promise<void>
type Parts = Readonly<{ rows: TenantRows; commit: Commit; forgetLog: ForgetLog }>

/**
 * By commits, as a direct removal could be undone by a writer who is late. A call at a time: its journal is what a transaction can hold.
 */
export async function removeEnded(
  { rows, commit, forgetLog }: Parts,
  tenant_id: string,
  which: Parameters<CallStore['removeEnded']>[1],
  limit: number,
): Promise<readonly SessionId[]> {
  const meant: Where = 'user_id' in which ? calledBy(which.user_id) : { ended_at: { $lt: which.ended_before } }
  const over = await rows.many(CALLS, tenant_id, { $and: [{ state: 'ended' }, meant] }, { limit })
  const gone: SessionId[] = []
  for (const { session_id } of over) if (await commit((unit) => remove(unit, tenant_id, session_id))) gone.push(session_id)
  if (gone.length > 0) await forgetLog()
  return gone
}

/** False: it goes on again, or another one has removed it. */
async function remove(unit: Unit, tenant_id: string, session_id: SessionId): Promise<boolean> {
  const call = await unit.find(CALLS, tenant_id, [session_id])
  if (call?.state !== 'ended') return false
  await removeAll(unit, JOURNAL, tenant_id, session_id)
  await removeAll(unit, WORDS, tenant_id, session_id)
  await removeAll(unit, COMMANDS, tenant_id, session_id)
  await removeAll(unit, DELIVERIES, tenant_id, session_id)
  unit.remove(CALLS, tenant_id, [session_id])
  return true
}

async function removeAll<Row extends Readonly<{ session_id: SessionId }>>(
  unit: Unit,
  of: Table<Row>,
  tenant_id: string,
  session_id: SessionId,
): Promise<void> {
  const found = await unit.query(of, tenant_id, { session_id }, (row) => row.session_id === session_id)
  for (const row of found) unit.remove(of, tenant_id, of.key(row))
}
