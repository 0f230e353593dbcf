import * as z from 'zod'
import { TenantId } from '../../../core/contract/ids.ts'
import type { SessionCommands } from '../../../core/store/session-commands.ts'
import { requireCall } from './call-commit.ts'
import { CALLS, COMMANDS } from './call-tables.ts'
import type { Commit } from './committer.ts'
import { table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Unit } from './unit.ts'

const POSITION = table('call_counters', z.object({ position: z.int() }), () => ['commands'])
type Taken = Awaited<ReturnType<SessionCommands['take']>>[number]

/** `watch` only where the database tells of changes. */
export function createSessionCommands(rows: TenantRows, commit: Commit, watch: SessionCommands['watch']): SessionCommands {
  return {
    send: (scope, { command_id, session_id, at, ask }) =>
      commit(async (unit) => {
        await requireCall({ unit, scope }, session_id)
        const position = ((await unit.find(POSITION, scope.tenant_id, ['commands']))?.position ?? 0) + 1
        unit.put(POSITION, scope.tenant_id, { position })
        unit.put(COMMANDS, scope.tenant_id, { command_id, session_id, at, ask, position, user_id: scope.user_id })
      }),
    take: async (owner) => {
      if ((await rows.countEverywhere(COMMANDS, {})) === 0) return []
      return commit((unit) => takeOf(unit, owner))
    },
    ...(watch && { watch }),
  }
}

/** All of them at once and in order, so that of two who ask one has them. */
async function takeOf(unit: Unit, owner: string): Promise<readonly Taken[]> {
  const waiting = await unit.queryEverywhere(COMMANDS, {}, () => true)
  const asked = [...new Set(waiting.map(({ row }) => row.session_id))]
  const held = await unit.queryEverywhere(
    CALLS,
    { 'lease.owner': owner, session_id: { $in: asked } },
    ({ lease, session_id }) => lease?.owner === owner && asked.includes(session_id),
  )
  const own = new Set(held.map(({ row }) => row.session_id))
  const mine = waiting.filter(({ row }) => own.has(row.session_id)).sort((a, b) => a.row.position - b.row.position)
  for (const { tenant_id, row } of mine) unit.remove(COMMANDS, tenant_id, [row.command_id])
  return mine.map(({ tenant_id, row: { user_id, command_id, session_id, at, ask } }) => ({
    scope: { tenant_id: TenantId.parse(tenant_id), user_id },
    command: { command_id, session_id, at, ask },
  }))
}
