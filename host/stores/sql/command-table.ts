import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { SessionId, TenantId, UserId } from '../../../core/contract/ids.ts'
import { parseJson } from '../../../core/json.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { SessionAsk, type SessionCommand, type SessionCommands } from '../../../core/store/session-commands.ts'
import type { CallsDb } from './calls-schema.ts'

const Body = z.object({ user_id: UserId, ask: SessionAsk })

/** With the user who asks, so that what follows is done in that name. */
export async function sendCommand(db: CallsDb, { tenant_id, user_id }: TenantScope, command: SessionCommand): Promise<void> {
  const { command_id, session_id, at, ask } = command
  const session = await db
    .selectFrom('session')
    .select('session_id')
    .where('tenant_id', '=', tenant_id)
    .where('session_id', '=', session_id)
    .executeTakeFirst()
  if (!session) throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted; look in Calls.')
  const body = JSON.stringify({ user_id, ask })
  await db.insertInto('session_command').values({ tenant_id, session_id, command_id, at, body }).execute()
}

/** Those for sessions that `owner` holds, in order; whoever takes them has them alone. */
export async function takeCommands(db: CallsDb, owner: string): ReturnType<SessionCommands['take']> {
  const rows = await db
    .deleteFrom('session_command')
    .where('session_id', 'in', (eb) => eb.selectFrom('session').select('session.session_id').where('owner', '=', owner))
    .returningAll()
    .execute()
  return rows
    .sort((a, b) => a.position - b.position)
    .flatMap(({ tenant_id, session_id, command_id, at, body }) => {
      const { user_id, ask } = Body.parse(parseJson(body))
      const scope = { tenant_id: TenantId.parse(tenant_id), user_id }
      return [{ scope, command: { command_id, session_id: SessionId.parse(session_id), at, ask } }]
    })
}
