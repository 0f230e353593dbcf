import { SessionId } from '../../../core/contract/ids.ts'
import type { CallStore } from '../../../core/store/calls.ts'
import type { CallsDb } from './calls-schema.ts'

type Which = Parameters<CallStore['removeEnded']>[1]

/** Everything below a call goes with its row. One that goes on again in this moment stays. */
export async function removeEnded(db: CallsDb, tenant_id: string, which: Which, limit: number): Promise<readonly SessionId[]> {
  const over = db.selectFrom('session').select('session_id').where('tenant_id', '=', tenant_id).where('state', '=', 'ended')
  const some = 'user_id' in which ? over.where('caller_id', '=', which.user_id) : over.where('ended_at', '<', which.ended_before)
  const gone = await db
    .deleteFrom('session')
    .where('tenant_id', '=', tenant_id)
    .where('state', '=', 'ended')
    .where('session_id', 'in', some.limit(limit))
    .returning('session_id')
    .execute()
  return gone.map(({ session_id }) => SessionId.parse(session_id))
}
