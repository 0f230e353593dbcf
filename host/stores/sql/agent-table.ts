import type { Insertable } from 'kysely'
import type { AgentSummary, DocumentJson } from '../../../core/contract/agents.ts'
import { deleted, noAgent } from './agent-conflict.ts'
import { agentColumns } from './agent-columns.ts'
import { toSummaries, unsaved } from './agent-summary.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

/** What a commit must know of an agent before it changes it. */
export type AgentHead = Readonly<{ agent_id: string; revision: number; content_hash: string; deleted: boolean }>

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
  const row = await one(db, tenant_id, agent_id).selectAll().select(unsaved).executeTakeFirst()
  return row && (await toSummaries(db, tenant_id, [row]))[0]
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

export type NewAgent = Readonly<{
  id: string
  agent_id: string
  content: DocumentJson
  content_hash: string
  revision: number
  owner_id?: string | undefined
  at: number
}>

/** All in one statement; resolves to the first id that is taken already, if one is. */
export async function insertAgents(db: StudioDb, tenant_id: string, agents: readonly NewAgent[]): Promise<string | undefined> {
  const added = await db
    .insertInto('agent')
    .values(agents.map((agent) => toRow(tenant_id, agent)))
    .onConflict((conflict) => conflict.columns(['tenant_id', 'agent_id']).doNothing())
    .returning('agent_id')
    .execute()
  const fresh = new Set(added.map(({ agent_id }) => agent_id))
  // Of two that are the same the second one is not deleted again, and is the one that was in the way.
  return agents.find(({ agent_id }) => !fresh.delete(agent_id))?.agent_id
}

const toRow = (tenant_id: string, agent: NewAgent): Insertable<StudioSchema['agent']> => ({
  ...agentColumns(agent.agent_id, agent.content),
  ...{ tenant_id, agent_id: agent.agent_id, id: agent.id, content_hash: agent.content_hash, revision: agent.revision },
  ...{ owner_id: agent.owner_id ?? null, version: null, version_hash: null },
  ...{ created_at: agent.at, updated_at: agent.at, deleted_at: null },
})

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
