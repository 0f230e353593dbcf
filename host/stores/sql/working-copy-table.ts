import type { Selectable } from 'kysely'
import type { WorkingCopy } from '../../../core/contract/agents.ts'
import { readDocument, writeDocument } from './stored-document.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

type Row = Selectable<StudioSchema['working_copy']>

export async function findWorkingCopy(db: StudioDb, tenant_id: string, agent_id: string): Promise<WorkingCopy | undefined> {
  const row = await db
    .selectFrom('working_copy')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .executeTakeFirst()
  return row && fromRow(row)
}

export async function findEdit(db: StudioDb, tenant_id: string, agent_id: string): Promise<number> {
  const row = await db
    .selectFrom('working_copy')
    .select('edit')
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .executeTakeFirst()
  return row?.edit ?? 0
}

export async function writeWorkingCopy(db: StudioDb, tenant_id: string, agent_id: string, copy: WorkingCopy): Promise<void> {
  const row = { ...copy, ...writeDocument(copy.content) }
  await db
    .insertInto('working_copy')
    .values({ ...row, tenant_id, agent_id })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'agent_id']).doUpdateSet(row))
    .execute()
}

export async function dropWorkingCopy(db: StudioDb, tenant_id: string, agent_id: string): Promise<void> {
  await db.deleteFrom('working_copy').where('tenant_id', '=', tenant_id).where('agent_id', '=', agent_id).execute()
}

const fromRow = ({ content, based_on, edit, client_id, at }: Row): WorkingCopy => ({
  content: readDocument({ content }),
  based_on,
  edit,
  client_id,
  at,
})
