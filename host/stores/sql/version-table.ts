import type { Selectable } from 'kysely'
import { AgentId } from '../../../core/contract/ids.ts'
import type { AgentVersion, DocumentJson } from '../../../core/contract/agents.ts'
import { readDocument } from './stored-document.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

type Row = Selectable<StudioSchema['agent_version']>
export type NewVersion = Readonly<Omit<AgentVersion, 'agent_id'> & { agent_id: string }>

/** Newest first. */
export async function listVersions(db: StudioDb, tenant_id: string, agent_id: string): Promise<readonly AgentVersion[]> {
  const rows = await newestFirst(db, tenant_id, agent_id).selectAll('agent_version').execute()
  return rows.map(fromRow)
}

type VersionWithContent = AgentVersion & Readonly<{ content: DocumentJson }>

export async function listVersionsWithContent(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
): Promise<readonly VersionWithContent[]> {
  return (await withContent(db, tenant_id, agent_id).execute()).map(toVersionWithContent)
}

export async function findVersion(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  version: string,
): Promise<AgentVersion | undefined> {
  const row = await db
    .selectFrom('agent_version')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row && fromRow(row)
}

export async function findVersionWithContent(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  version: string,
): Promise<VersionWithContent | undefined> {
  const row = await withContent(db, tenant_id, agent_id).where('agent_version.version', '=', version).executeTakeFirst()
  return row && toVersionWithContent(row)
}

export async function insertVersion(db: StudioDb, tenant_id: string, version: NewVersion): Promise<void> {
  await db
    .insertInto('agent_version')
    .values({ ...version, tenant_id })
    .execute()
}

/** Null removes it. */
export async function setLabel(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  label: string,
  version: string | null,
): Promise<void> {
  if (version === null) {
    await db
      .deleteFrom('agent_label')
      .where('tenant_id', '=', tenant_id)
      .where('agent_id', '=', agent_id)
      .where('label', '=', label)
      .execute()
    return
  }
  await db
    .insertInto('agent_label')
    .values({ tenant_id, agent_id, label, version })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'agent_id', 'label']).doUpdateSet({ version }))
    .execute()
}

export async function labelsOf(
  db: StudioDb,
  tenant_id: string,
  agent_ids: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const labels = new Map<string, Record<string, string>>()
  if (agent_ids.length === 0) return labels
  const rows = await db
    .selectFrom('agent_label')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', 'in', agent_ids)
    .orderBy('label')
    .execute()
  for (const { agent_id, label, version } of rows) labels.set(agent_id, { ...labels.get(agent_id), [label]: version })
  return labels
}

const newestFirst = (db: StudioDb, tenant_id: string, agent_id: string) =>
  db
    .selectFrom('agent_version')
    .where('agent_version.tenant_id', '=', tenant_id)
    .where('agent_version.agent_id', '=', agent_id)
    .orderBy('agent_version.created_at', 'desc')
    .orderBy('agent_version.revision', 'desc')
    .orderBy('agent_version.version', 'desc')

const withContent = (db: StudioDb, tenant_id: string, agent_id: string) =>
  newestFirst(db, tenant_id, agent_id)
    .innerJoin('agent_revision', (join) =>
      join
        .onRef('agent_revision.tenant_id', '=', 'agent_version.tenant_id')
        .onRef('agent_revision.agent_id', '=', 'agent_version.agent_id')
        .onRef('agent_revision.revision', '=', 'agent_version.revision'),
    )
    .selectAll('agent_version')
    .select('agent_revision.content')

const toVersionWithContent = ({ content, ...row }: Row & Readonly<{ content: string }>): VersionWithContent => ({
  ...fromRow(row),
  content: readDocument({ content }),
})

const fromRow = ({ tenant_id: _, agent_id, ...row }: Row): AgentVersion => ({ ...row, agent_id: AgentId.parse(agent_id) })
