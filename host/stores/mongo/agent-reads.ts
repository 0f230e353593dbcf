import * as z from 'zod'
import type { AgentVersion, DocumentJson } from '../../../core/contract/agents.ts'
import type { AgentListQuery, AgentReads, Paged, StoredAgent, VersionReads } from '../../../core/store/agents.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { foldText } from '../sql/fold-text.ts'
import { COPIES, HEADS, keyOf, REVISIONS, VERSIONS, type HeadRow } from './agent-tables.ts'
import { escaped } from './escaped.ts'
import { summaryOf } from './head-columns.ts'
import type { TenantRows, Where } from './tenant-rows.ts'

const NamePlace = z.tuple([z.string(), z.string()])
const RevisionPlace = z.tuple([z.int()])
const Taken = z.object({ key: z.string() })

/** Takes in what somebody else has written to the document of an agent; true when that has changed the agent. */
export type Refresh = (agent_id: string, head: HeadRow | undefined) => Promise<boolean>

export function agentReads(rows: TenantRows, refresh: Refresh): AgentReads {
  const head = async (tenant_id: string, agent_id: string): Promise<HeadRow | undefined> => {
    const found = await rows.one(HEADS, tenant_id, [keyOf(agent_id)])
    return (await refresh(agent_id, found)) ? rows.one(HEADS, tenant_id, [keyOf(agent_id)]) : found
  }
  return {
    find: async ({ tenant_id }, agent_id) => whole(rows, tenant_id, await head(tenant_id, agent_id)),
    findSummary: async ({ tenant_id }, agent_id) => {
      const found = await head(tenant_id, agent_id)
      return found && summaryOf(found)
    },
    findById: async ({ tenant_id }, id) => {
      const [found] = await rows.many(HEADS, tenant_id, { id }, { limit: 1 })
      return found && whole(rows, tenant_id, await head(tenant_id, found.agent_id))
    },
    served: async ({ tenant_id }, agent_id) => {
      const found = await head(tenant_id, agent_id)
      if (!found || found.deleted) return undefined
      const { served_revision, labels, enabled } = found
      const revision = await rows.one(REVISIONS, tenant_id, [found.key, served_revision ?? found.revision])
      if (!revision) return undefined
      const version = served_revision === undefined ? undefined : labels['production']
      return {
        ...{ agent_id: found.agent_id, revision: revision.revision },
        ...(version !== undefined && { version }),
        ...{ content: revision.content, enabled },
      }
    },
    list: ({ tenant_id }, query) => listAgents(rows, tenant_id, query),
    findRevision: async ({ tenant_id }, agent_id, revision) => rows.one(REVISIONS, tenant_id, [keyOf(agent_id), revision]),
    listRevisions: async ({ tenant_id }, agent_id, { limit, cursor }) => {
      const found = await rows.one(HEADS, tenant_id, [keyOf(agent_id)])
      if (!found) return { rows: [], count: 0 }
      const of: Where = { agent_id: found.agent_id }
      const before: Where = cursor === undefined ? of : { ...of, revision: { $lt: readCursor(cursor, RevisionPlace)[0] } }
      const [count, revisions] = await Promise.all([
        rows.count(REVISIONS, tenant_id, of),
        rows.many(REVISIONS, tenant_id, before, { sort: { revision: -1 }, limit: limit + 1 }),
      ])
      const shown = revisions.slice(0, limit).map(({ content: _, ...summary }) => summary)
      const last = revisions.length > limit ? shown.at(-1) : undefined
      return { rows: shown, count, ...(last && { next_cursor: writeCursor([last.revision]) }) }
    },
    takenIds: async ({ tenant_id }, prefix) => {
      const stem = keyOf(prefix)
      const among = { $match: { key: { $gte: stem, $lt: `${stem}\uffff` } } }
      const taken = await rows.aggregate(HEADS, tenant_id, [among, { $project: { _id: 0, key: 1 } }])
      return new Set(taken.map((found) => Taken.parse(found).key))
    },
    listDeletedBefore: async ({ tenant_id }, before) =>
      (await rows.many(HEADS, tenant_id, { deleted: true, deleted_at: { $lt: before } })).map(({ agent_id }) => agent_id),
  }
}

async function whole(rows: TenantRows, tenant_id: string, head: HeadRow | undefined): Promise<StoredAgent | undefined> {
  if (!head) return undefined
  const [revision, copy] = await Promise.all([
    rows.one(REVISIONS, tenant_id, [head.key, head.revision]),
    head.unsaved ? rows.one(COPIES, tenant_id, [head.key]) : undefined,
  ])
  if (!revision) throw new Error(`head (revision ${head.revision}) of "${head.agent_id}" is missing`)
  if (!copy) return { summary: summaryOf(head), head: revision }
  const { agent_id: _, ...working_copy } = copy
  return { summary: summaryOf(head), head: revision, working_copy }
}

async function listAgents(
  rows: TenantRows,
  tenant_id: string,
  query: AgentListQuery,
): Promise<Paged<ReturnType<typeof summaryOf>>> {
  const words = foldText(query.q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
  const { agent_type, enabled, owner_id, tag } = query
  const matching: Where = {
    deleted: query.deleted,
    ...(agent_type !== undefined && { agent_type }),
    ...(enabled !== undefined && { enabled }),
    ...(owner_id !== undefined && { owner_id }),
    ...(tag !== undefined && { tags: tag }),
    ...(words.length > 0 && { $and: words.map((word) => ({ search_text: { $regex: escaped(word) } })) }),
  }
  const page = query.cursor === undefined ? matching : { $and: [matching, after(query.cursor)] }
  const [count, found] = await Promise.all([
    rows.count(HEADS, tenant_id, matching),
    rows.many(HEADS, tenant_id, page, { sort: { name_key: 1, key: 1 }, limit: query.limit + 1 }),
  ])
  const shown = found.slice(0, query.limit)
  const last = found.length > query.limit ? shown.at(-1) : undefined
  return { rows: shown.map(summaryOf), count, ...(last && { next_cursor: writeCursor([last.name_key, last.key]) }) }
}

function after(cursor: string): Where {
  const [name_key, key] = readCursor(cursor, NamePlace)
  return { $or: [{ name_key: { $gt: name_key } }, { name_key, key: { $gt: key } }] }
}

export function versionReads(rows: TenantRows): VersionReads {
  const list = async (tenant_id: string, agent_id: string): Promise<readonly AgentVersion[]> => {
    const found = await rows.one(HEADS, tenant_id, [keyOf(agent_id)])
    return found ? newestFirst(await rows.many(VERSIONS, tenant_id, { agent_id: found.agent_id })) : []
  }
  const withContent = async (tenant_id: string, version: AgentVersion) => {
    const revision = await rows.one(REVISIONS, tenant_id, [keyOf(version.agent_id), version.revision])
    return revision && { ...version, content: revision.content satisfies DocumentJson }
  }
  return {
    list: ({ tenant_id }, agent_id) => list(tenant_id, agent_id),
    listWithContent: async ({ tenant_id }, agent_id) =>
      (await Promise.all((await list(tenant_id, agent_id)).map((version) => withContent(tenant_id, version)))).flatMap(
        (version) => version ?? [],
      ),
    find: ({ tenant_id }, agent_id, version) => rows.one(VERSIONS, tenant_id, [keyOf(agent_id), version]),
    findWithContent: async ({ tenant_id }, agent_id, version) => {
      const found = await rows.one(VERSIONS, tenant_id, [keyOf(agent_id), version])
      return found && withContent(tenant_id, found)
    },
  }
}

const newestFirst = (versions: readonly AgentVersion[]): readonly AgentVersion[] =>
  [...versions].sort((a, b) => b.created_at - a.created_at || b.revision - a.revision || (a.version < b.version ? 1 : -1))

export const newestVersion = (versions: readonly AgentVersion[]): AgentVersion | undefined => newestFirst(versions)[0]
