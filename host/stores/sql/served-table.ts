import { sql } from 'kysely'
import { AgentId } from '../../../core/contract/ids.ts'
import type { ServedRevision } from '../../../core/store/agents.ts'
import { readDocument } from './stored-document.ts'
import type { StudioDb } from './studio-schema.ts'

/** Not coalesce(): behind row-level security Postgres would not use the index for it, and read every revision of the agent. */
const SERVED = sql<number>`case when agent.served_revision is null then agent.revision else agent.served_revision end`

/** In one query, as every call of production begins with it. */
export async function findServed(db: StudioDb, tenant_id: string, agent_id: string): Promise<ServedRevision | undefined> {
  const row = await db
    .selectFrom('agent')
    .innerJoin('agent_revision', (join) =>
      join
        .onRef('agent_revision.tenant_id', '=', 'agent.tenant_id')
        .onRef('agent_revision.agent_id', '=', 'agent.agent_id')
        .on('agent_revision.revision', '=', SERVED),
    )
    .leftJoin('agent_label', (join) =>
      join
        .onRef('agent_label.tenant_id', '=', 'agent.tenant_id')
        .onRef('agent_label.agent_id', '=', 'agent.agent_id')
        .on('agent_label.label', '=', 'production')
        .on('agent.served_revision', 'is not', null),
    )
    .select(['agent.agent_id', 'agent.enabled', 'agent_revision.revision', 'agent_revision.content', 'agent_label.version'])
    .where('agent.tenant_id', '=', tenant_id)
    .where('agent.agent_id', '=', agent_id)
    .where('agent.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const { revision, version } = row
  return {
    agent_id: AgentId.parse(row.agent_id),
    revision,
    ...(version !== null && { version }),
    content: readDocument(row),
    enabled: row.enabled === 1,
  }
}
