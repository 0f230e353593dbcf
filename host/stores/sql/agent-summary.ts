import type { ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import * as z from 'zod'
import { AgentId } from '../../../core/contract/ids.ts'
import type { AgentSummary } from '../../../core/contract/agents.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import { labelsOf } from './version-table.ts'

type Row = Selectable<StudioSchema['agent']> & Readonly<{ unsaved: SqlBool }>

const Tags = z.array(z.string())

/** Whether the agent has a working copy. */
export const unsaved = (eb: ExpressionBuilder<StudioSchema, 'agent'>) =>
  eb
    .exists(
      eb
        .selectFrom('working_copy')
        .select('edit')
        .whereRef('working_copy.tenant_id', '=', 'agent.tenant_id')
        .whereRef('working_copy.agent_id', '=', 'agent.agent_id'),
    )
    .as('unsaved')

export async function toSummaries(db: StudioDb, tenant_id: string, rows: readonly Row[]): Promise<readonly AgentSummary[]> {
  // Labels point at versions: without one there are none to look for.
  const published = rows.filter((row) => row.version !== null)
  const labels = await labelsOf(
    db,
    tenant_id,
    published.map((row) => row.agent_id),
  )
  return rows.map((row) => fromRow(row, labels.get(row.agent_id) ?? {}))
}

function fromRow(row: Row, labels: Readonly<Record<string, string>>): AgentSummary {
  return {
    id: row.id,
    agent_id: AgentId.parse(row.agent_id),
    name: row.name,
    description: row.description,
    agent_type: row.agent_type,
    tags: Tags.parse(JSON.parse(row.tags)),
    revision: row.revision,
    ...(row.version !== null && { version: row.version }),
    unpublished: row.version_hash !== row.content_hash,
    unsaved: Boolean(row.unsaved),
    field_count: row.field_count,
    enabled: row.enabled === 1,
    is_default: row.is_default === 1,
    ...(row.owner_id !== null && { owner_id: row.owner_id }),
    labels: { ...labels },
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...(row.deleted_at !== null && { deleted_at: row.deleted_at }),
  }
}
