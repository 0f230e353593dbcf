import type { Insertable, Selectable } from 'kysely'
import { sql } from 'kysely'
import * as z from 'zod'
import { AgentId } from '../../../core/contract/ids.ts'
import type { AgentSummary, DocumentJson } from '../../../core/contract/agents.ts'
import type { AgentListQuery, Paged } from '../../../core/store/agents.ts'
import { deleted, noAgent } from './agent-conflict.ts'
import { agentColumns } from './agent-columns.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { foldText } from './fold-text.ts'
import { labelsOf } from './version-table.ts'
import { unsavedAmong } from './working-copy-table.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

/** What a commit must know of an agent before it changes it. */
export type AgentHead = Readonly<{ agent_id: string; revision: number; content_hash: string; deleted: boolean }>

type Row = Selectable<StudioSchema['agent']>
const Tags = z.array(z.string())
const NamePlace = z.tuple([z.string(), z.string()])

export async function findHead(db: StudioDb, tenant_id: string, agent_id: string): Promise<AgentHead | undefined> {
  const row = await one(db, tenant_id, agent_id).select(['agent_id', 'revision', 'content_hash', 'deleted_at']).executeTakeFirst()
  return (
    row && { agent_id: row.agent_id, revision: row.revision, content_hash: row.content_hash, deleted: row.deleted_at !== null }
  )
}

/** The agent as it must be for a change: there, and not deleted. */
export async function requireAgent(db: StudioDb, tenant_id: string, agent_id: string): Promise<AgentHead> {
  const head = await findHead(db, tenant_id, agent_id)
  if (!head) throw noAgent(agent_id)
  if (head.deleted) throw deleted(head.agent_id)
  return head
}

/** The name-like id of the agent with this UUID. */
export async function findIdOf(db: StudioDb, tenant_id: string, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('agent')
    .select('agent_id')
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.agent_id
}

export async function findSummary(db: StudioDb, tenant_id: string, agent_id: string): Promise<AgentSummary | undefined> {
  const row = await one(db, tenant_id, agent_id).selectAll().executeTakeFirst()
  return row && (await toSummaries(db, tenant_id, [row]))[0]
}

export async function listAgents(
  db: StudioDb,
  { contains }: Dialect,
  tenant_id: string,
  query: AgentListQuery,
): Promise<Paged<AgentSummary>> {
  const words = foldText(query.q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  let matching = db.selectFrom('agent').where('tenant_id', '=', tenant_id)
  matching = query.deleted ? matching.where('deleted_at', 'is not', null) : matching.where('deleted_at', 'is', null)
  for (const word of words) matching = matching.where(contains('search_text', word))
  if (query.tag !== undefined) matching = matching.where(contains('tags', JSON.stringify(query.tag)))
  if (query.agent_type !== undefined) matching = matching.where('agent_type', '=', query.agent_type)
  if (query.enabled !== undefined) matching = matching.where('enabled', '=', Number(query.enabled))
  const { owner_id } = query
  if (owner_id !== undefined)
    matching = matching.where((eb) => eb.or([eb('owner_id', '=', owner_id), eb('owner_id', 'is', null)]))

  const { count } = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  let page = matching
    .selectAll()
    .orderBy('name_key')
    .orderBy('agent_id')
    .limit(query.limit + 1)
  if (query.cursor !== undefined) {
    const [name, agent_id] = readCursor(query.cursor, NamePlace)
    page = page.where(sql<boolean>`(name_key, agent_id) > (${name}, ${agent_id})`)
  }
  const rows = await page.execute()
  const shown = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    rows: await toSummaries(db, tenant_id, shown),
    count,
    ...(last && { next_cursor: writeCursor([last.name_key, last.agent_id]) }),
  }
}

export async function takenIds(db: StudioDb, tenant_id: string, prefix: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('agent')
    .select('agent_id')
    .where('tenant_id', '=', tenant_id)
    // Ids are ASCII: what begins with the prefix lies between it and the prefix with the last letter of all behind it.
    .where('agent_id', '>=', prefix)
    .where('agent_id', '<=', `${prefix}\uffff`)
    .execute()
  return new Set(rows.map((row) => row.agent_id.toLowerCase()))
}

export async function listDeletedBefore(db: StudioDb, tenant_id: string, before: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('agent')
    .select('agent_id')
    .where('tenant_id', '=', tenant_id)
    .where('deleted_at', '<', before)
    .execute()
  return rows.map((row) => row.agent_id)
}

/** False when the id is taken. */
export async function insertAgent(
  db: StudioDb,
  tenant_id: string,
  agent: Readonly<{
    id: string
    agent_id: string
    content: DocumentJson
    content_hash: string
    revision: number
    owner_id?: string | undefined
    at: number
  }>,
): Promise<boolean> {
  const { id, agent_id, content, content_hash, revision, owner_id = null, at } = agent
  const row: Insertable<StudioSchema['agent']> = {
    ...agentColumns(agent_id, content),
    ...{ tenant_id, agent_id, id, content_hash, revision, owner_id, version: null, version_hash: null },
    ...{ created_at: at, updated_at: at, deleted_at: null },
  }
  const added = await db
    .insertInto('agent')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'agent_id']).doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
}

/** Compare and swap: false when head is no longer `based_on`. */
export async function moveHead(
  db: StudioDb,
  tenant_id: string,
  head: Readonly<{
    agent_id: string
    content: DocumentJson
    content_hash: string
    based_on: number
    revision: number
    at: number
  }>,
): Promise<boolean> {
  const { agent_id, content, content_hash, based_on, revision, at } = head
  const moved = await db
    .updateTable('agent')
    .set({ ...agentColumns(agent_id, content), content_hash, revision, updated_at: at })
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .where('revision', '=', based_on)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

/** The next edit number; numbers are never used again, so a window cannot mistake a later working copy for the one it knew. */
export async function nextEdit(db: StudioDb, tenant_id: string, agent_id: string): Promise<number> {
  const row = await db
    .updateTable('agent')
    .set((eb) => ({ edit_count: eb('edit_count', '+', 1) }))
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .returning('edit_count')
    .executeTakeFirstOrThrow()
  return row.edit_count
}

type AgentState = Readonly<{
  enabled?: boolean
  is_default?: boolean
  deleted_at?: number | null
  version?: string
  version_hash?: string
  served_revision?: number | null
}>

export async function setAgentState(
  db: StudioDb,
  tenant_id: string,
  agent_id: string,
  state: AgentState,
  at: number,
): Promise<void> {
  const { enabled, is_default, ...rest } = state
  if (is_default) await db.updateTable('agent').set({ is_default: 0 }).where('tenant_id', '=', tenant_id).execute()
  await db
    .updateTable('agent')
    .set({
      ...rest,
      ...(enabled !== undefined && { enabled: Number(enabled) }),
      ...(is_default !== undefined && { is_default: Number(is_default) }),
      updated_at: at,
    })
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .execute()
}

/** For ever: the agent and everything that belongs to it. */
export async function purgeAgent(db: StudioDb, tenant_id: string, agent_id: string): Promise<void> {
  await forgetDefault(db, tenant_id, agent_id)
  for (const table of ['agent_label', 'agent_version', 'working_copy', 'agent_revision', 'agent'] as const) {
    await db.deleteFrom(table).where('tenant_id', '=', tenant_id).where('agent_id', '=', agent_id).execute()
  }
}

/** Nobody's default any more. */
export async function forgetDefault(db: StudioDb, tenant_id: string, agent_id: string): Promise<void> {
  await db
    .updateTable('tenant_user')
    .set({ default_agent_id: null })
    .where('tenant_id', '=', tenant_id)
    .where('default_agent_id', '=', agent_id)
    .execute()
}

const one = (db: StudioDb, tenant_id: string, agent_id: string) =>
  db.selectFrom('agent').where('tenant_id', '=', tenant_id).where('agent_id', '=', agent_id)

async function toSummaries(db: StudioDb, tenant_id: string, rows: readonly Row[]): Promise<readonly AgentSummary[]> {
  const ids = rows.map((row) => row.agent_id)
  const [labels, unsaved] = [await labelsOf(db, tenant_id, ids), await unsavedAmong(db, tenant_id, ids)]
  return rows.map((row) => fromRow(row, labels.get(row.agent_id) ?? {}, unsaved.has(row.agent_id)))
}

function fromRow(row: Row, labels: Readonly<Record<string, string>>, unsaved: boolean): AgentSummary {
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
    unsaved,
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
