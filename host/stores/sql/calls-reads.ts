import type { StoredSession } from '../../../core/store/calls.ts'
import { TenantId, UserId } from '../../../core/contract/ids.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import type { JournalPosition } from '../../../core/contract/session-events.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { JournalPage, RoomQuery, SessionListQuery } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { fromJournalRow, readSessionRow, readStoredRow } from './calls-rows.ts'
import type { CallsDb, SessionTable } from './calls-schema.ts'
import { fromCursor, toCursor, wordsOf } from './calls-search.ts'
import type { Dialect } from './dialect.ts'

export async function findSession(db: CallsDb, tenant_id: string, session_id: SessionId): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('session')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('session_id', '=', session_id)
    .executeTakeFirst()
  return row && readStoredRow(row)
}

export async function listSessions(
  db: CallsDb,
  dialect: Dialect,
  tenant_id: string,
  { q, agent_id, state, user_id, limit, cursor }: SessionListQuery,
): Promise<Paged<SessionSummary>> {
  let matching = db.selectFrom('session').where('tenant_id', '=', tenant_id).where('deleted_at', 'is', null)
  if (agent_id !== undefined) matching = matching.where('agent_id', '=', agent_id)
  if (user_id !== undefined) matching = matching.where('caller_id', '=', user_id)
  if (state !== undefined) matching = matching.where('state', state === 'ended' ? '=' : '<>', 'ended')
  for (const word of wordsOf(q ?? '')) matching = matching.where(dialect.matchesWord(word))
  const { count } = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()

  let page = matching.selectAll().orderBy('started_at', 'desc').orderBy('session_id', 'desc')
  if (cursor !== undefined) {
    const last = fromCursor(cursor)
    page = page.where((eb) => eb(eb.refTuple('started_at', 'session_id'), '<', eb.tuple(last.started_at, last.session_id)))
  }
  const found = await page.limit(limit + 1).execute()
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.flatMap((row) => readSessionRow(row) ?? []),
    count,
    ...(found.length > limit && last && { next_cursor: toCursor(last) }),
  }
}

export async function readJournal(
  db: CallsDb,
  tenant_id: string,
  session_id: SessionId,
  after: JournalPosition,
  limit: number,
): Promise<JournalPage> {
  const rows = await db
    .selectFrom('journal')
    .selectAll('journal')
    .innerJoin('session', 'session.session_id', 'journal.session_id')
    .where('session.tenant_id', '=', tenant_id)
    .where('journal.session_id', '=', session_id)
    .where((eb) => eb(eb.refTuple('journal.attempt', 'journal.seq'), '>', eb.tuple(after.attempt, after.seq)))
    .orderBy('journal.attempt')
    .orderBy('journal.seq')
    .limit(limit + 1)
    .execute()
  return { events: rows.slice(0, limit).map(fromJournalRow), more: rows.length > limit }
}

type Held = Readonly<{ scope: TenantScope; session: StoredSession; last: JournalPosition }>

export async function listUnended(db: CallsDb): Promise<readonly Held[]> {
  const rows = await db.selectFrom('session').selectAll().where('state', '<>', 'ended').execute()
  return rows.flatMap(readHeld)
}

export async function listExpired(db: CallsDb, now: number, limit: number): Promise<readonly Held[]> {
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('state', '<>', 'ended')
    .where('lease_until', '<', now)
    .orderBy('lease_until')
    .limit(limit)
    .execute()
  return rows.flatMap(readHeld)
}

export async function countActive(db: CallsDb, tenant_id: string): Promise<Readonly<Record<string, number>>> {
  const rows = await db
    .selectFrom('session')
    .select((eb) => ['agent_id', eb.fn.countAll<number>().as('count')])
    .where('tenant_id', '=', tenant_id)
    .where('state', '<>', 'ended')
    .groupBy('agent_id')
    .execute()
  return Object.fromEntries(rows.map(({ agent_id, count }) => [agent_id, count]))
}

export async function findLost(
  db: CallsDb,
  tenant_id: string,
  { connection_id, room_name, ended_since }: RoomQuery,
): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('session')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('connection_id', '=', connection_id)
    .where('room_name', '=', room_name)
    .where('deleted_at', 'is', null)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const lost = row?.end_reason === 'connection_lost' && (row.ended_at ?? 0) >= ended_since
  return lost ? readStoredRow(row) : undefined
}

function readHeld(row: SessionTable): Held[] {
  const session = readStoredRow(row)
  if (!session) return []
  const scope = { tenant_id: TenantId.parse(row.tenant_id), user_id: UserId.parse(row.user_id) }
  return [{ scope, session, last: { attempt: row.attempt, seq: row.last_seq } }]
}
