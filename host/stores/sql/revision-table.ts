import type { Selectable } from 'kysely'
import * as z from 'zod'
import { AgentId } from '../../../core/contract/ids.ts'
import type { AgentRevision, RevisionSummary } from '../../../core/contract/agents.ts'
import type { Paged } from '../../../core/store/agents.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { readDocument, writeDocument } from './stored-document.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

type Row = Selectable<StudioSchema['agent_revision']>
const RevisionPlace = z.tuple([z.int()])
const SUMMARY = ['agent_id', 'revision', 'content_hash', 'author', 'note', 'created_at'] as const

export type NewRevision = Readonly<Omit<AgentRevision, 'agent_id'> & { agent_id: string }>

export async function insertRevisions(db: StudioDb, tenant_id: string, revisions: readonly NewRevision[]): Promise<void> {
  const rows = revisions.map((revision) => ({ ...revision, tenant_id, ...writeDocument(revision.content) }))
  await db.insertInto('agent_revision').values(rows).execute()
}

export async function findRevision(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  revision: number,
): Promise<AgentRevision | undefined> {
  const row = await of(db, tenant_id, agent_id).selectAll().where('revision', '=', revision).executeTakeFirst()
  return row && fromRow(row)
}

/** A revision that holds exactly this content, whichever. */
export async function findRevisionByHash(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  content_hash: string,
): Promise<number | undefined> {
  const row = await of(db, tenant_id, agent_id).select('revision').where('content_hash', '=', content_hash).executeTakeFirst()
  return row?.revision
}

export async function listRevisions(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  { limit, cursor }: Readonly<{ limit: number; cursor?: string | undefined }>,
): Promise<Paged<RevisionSummary>> {
  const all = of(db, tenant_id, agent_id)
  const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  let page = all
    .select(SUMMARY)
    .orderBy('revision', 'desc')
    .limit(limit + 1)
  if (cursor !== undefined) page = page.where('revision', '<', readCursor(cursor, RevisionPlace)[0])
  const rows = await page.execute()
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    rows: shown.map((row) => ({ ...row, agent_id: AgentId.parse(row.agent_id) })),
    count,
    ...(last && { next_cursor: writeCursor([last.revision]) }),
  }
}

const of = (db: StudioDb, tenant_id: string, agent_id: string) =>
  db.selectFrom('agent_revision').where('tenant_id', '=', tenant_id).where('agent_id', '=', agent_id)

const fromRow = ({ tenant_id: _, checksum: _checksum, agent_id, ...row }: Row): AgentRevision => ({
  ...row,
  agent_id: AgentId.parse(agent_id),
  content: readDocument(row),
})
