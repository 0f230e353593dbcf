import type { SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import * as z from 'zod'
import type { AgentSummary } from '../../../core/contract/agents.ts'
import type { AgentListQuery, Paged } from '../../../core/store/agents.ts'
import { toSummaries, unsaved } from './agent-summary.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { foldText } from './fold-text.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'

const NamePlace = z.tuple([z.string(), z.string()])
const FILTERS = ['tag', 'agent_type', 'enabled', 'owner_id'] as const
type Matching = SelectQueryBuilder<StudioSchema, 'agent', object>

/** By name. Nothing is counted whose number is known. */
export async function listAgents(
  db: StudioDb,
  dialect: Dialect,
  tenant_id: string,
  query: AgentListQuery,
): Promise<Paged<AgentSummary>> {
  const matching = matchesOf(db, dialect, tenant_id, query)
  let page = matching
    .selectAll()
    .select(unsaved)
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
  const isWhole = query.cursor === undefined && last === undefined
  return {
    rows: await toSummaries(db, tenant_id, shown),
    count: isWhole ? rows.length : await countOf(db, matching, tenant_id, query),
    ...(last && { next_cursor: writeCursor([last.name_key, last.agent_id]) }),
  }
}

const wordsOf = (q = ''): readonly string[] =>
  foldText(q)
    .split(/\s+/)
    .filter((word) => word !== '')

function matchesOf(db: StudioDb, { contains }: Dialect, tenant_id: string, query: AgentListQuery) {
  let matching = db.selectFrom('agent').where('tenant_id', '=', tenant_id)
  matching = query.deleted ? matching.where('deleted_at', 'is not', null) : matching.where('deleted_at', 'is', null)
  for (const word of wordsOf(query.q)) matching = matching.where(contains('search_text', word))
  if (query.tag !== undefined) matching = matching.where(contains('tags', JSON.stringify(query.tag)))
  if (query.agent_type !== undefined) matching = matching.where('agent_type', '=', query.agent_type)
  if (query.enabled !== undefined) matching = matching.where('enabled', '=', Number(query.enabled))
  const { owner_id } = query
  if (owner_id === undefined) return matching
  return matching.where((eb) => eb.or([eb('owner_id', '=', owner_id), eb('owner_id', 'is', null)]))
}

async function countOf(db: StudioDb, matching: Matching, tenant_id: string, query: AgentListQuery): Promise<number> {
  const isFiltered = wordsOf(query.q).length > 0 || FILTERS.some((filter) => query[filter] !== undefined)
  if (!isFiltered) return countAgents(db, tenant_id, query.deleted)
  const { count } = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return count
}

/** Kept by triggers. */
export async function countAgents(db: StudioDb, tenant_id: string, deleted = false): Promise<number> {
  const row = await db
    .selectFrom('agent_count')
    .select('n')
    .where('tenant_id', '=', tenant_id)
    .where('deleted', '=', Number(deleted))
    .executeTakeFirst()
  return row?.n ?? 0
}
