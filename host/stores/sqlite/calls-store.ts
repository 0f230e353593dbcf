import type { Database } from 'better-sqlite3'
import type { Transaction } from 'kysely'
import { StudioError } from '../../../core/contract/errors.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import { TenantId, UserId } from '../../../core/contract/ids.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { CallChange, CallStore } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { armStats } from './arm-stats.ts'
import { callsDatabase, type CallsDatabase, type CallsDb, type SessionTable } from './calls-database.ts'
import { project } from './calls-projection.ts'
import { fromJournalRow, fromSessionRow, readSessionRow, readStoredRow, toJournalRow, toSessionRow } from './calls-rows.ts'
import { fromCursor, matches, toCursor } from './calls-search.ts'
import { claimDeliveries, findDelivery, listDeliveries, saveDelivery } from './delivery-table.ts'
import { inTransaction } from './in-transaction.ts'

type Writer = Transaction<CallsDatabase>
type Change<Kind extends CallChange['kind']> = Extract<CallChange, { kind: Kind }>

/** Calls in calls.db. */
export function createCallStore(database: Database, db: CallsDb = callsDatabase(database)): CallStore {
  return {
    async find({ tenant_id }, session_id) {
      const row = await db
        .selectFrom('session')
        .selectAll()
        .where('tenant_id', '=', tenant_id)
        .where('session_id', '=', session_id)
        .executeTakeFirst()
      return row && readStoredRow(row)
    },

    async list({ tenant_id }, { q, agent_id, state, limit, cursor }) {
      let matching = db.selectFrom('session').where('tenant_id', '=', tenant_id).where('deleted_at', 'is', null)
      if (agent_id !== undefined) matching = matching.where('agent_id', '=', agent_id)
      if (state !== undefined) matching = matching.where('state', state === 'ended' ? '=' : '<>', 'ended')
      for (const match of matches(q ?? '')) matching = matching.where(match)
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
    },

    async journal({ tenant_id }, session_id, after, limit) {
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
    },

    async listUnended() {
      const rows = await db.selectFrom('session').selectAll().where('state', '<>', 'ended').execute()
      return rows.flatMap(readHeld)
    },

    commit: (scope, changes) =>
      inTransaction(db, async (writer) => {
        for (const change of changes) await apply(writer, scope, change)
        const touched = new Set(changes.map(sessionOf))
        return Promise.all([...touched].map((session_id) => summaryOf(writer, scope, session_id)))
      }),

    async findLost({ tenant_id }, { connection_id, room_name, ended_since }) {
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
    },

    async listExpired(now, limit) {
      const rows = await db
        .selectFrom('session')
        .selectAll()
        .where('state', '<>', 'ended')
        .where('lease_until', '<', now)
        .orderBy('lease_until')
        .limit(limit)
        .execute()
      return rows.flatMap(readHeld)
    },

    async countActive({ tenant_id }) {
      const rows = await db
        .selectFrom('session')
        .select((eb) => ['agent_id', eb.fn.countAll<number>().as('count')])
        .where('tenant_id', '=', tenant_id)
        .where('state', '<>', 'ended')
        .groupBy('agent_id')
        .execute()
      return Object.fromEntries(rows.map(({ agent_id, count }) => [agent_id, count]))
    },

    armStats: ({ tenant_id }, release_id, since) => armStats(db, tenant_id, release_id, since),

    deliveries: {
      list: ({ tenant_id }, webhook_id, page) => listDeliveries(db, tenant_id, webhook_id, page),
      find: ({ tenant_id }, delivery_id) => findDelivery(db, tenant_id, delivery_id),
      claim: (now, until, limit) => inTransaction(db, (writer) => claimDeliveries(writer, now, until, limit)),
    },

    async purgeDeleted(before) {
      const { numDeletedRows } = await db.deleteFrom('session').where('deleted_at', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

function readHeld(row: SessionTable) {
  const session = readStoredRow(row)
  if (!session) return []
  const scope = { tenant_id: TenantId.parse(row.tenant_id), user_id: UserId.parse(row.user_id) }
  return [{ scope, session, last: { attempt: row.attempt, seq: row.last_seq } }]
}

function sessionOf(change: CallChange): SessionId {
  if (change.kind === 'session.create') return change.session.session_id
  return change.kind === 'delivery.save' ? change.delivery.session_id : change.session_id
}

async function apply(writer: Writer, scope: TenantScope, change: CallChange): Promise<void> {
  switch (change.kind) {
    case 'session.create':
      await writer.insertInto('session').values(toSessionRow(scope, change.session)).execute()
      return
    case 'session.attempt':
      return beginAttempt(writer, scope, change)
    case 'session.lease':
      return renew(writer, scope, change)
    case 'session.agent':
      return setAgent(writer, scope, change)
    case 'session.input':
      return setInput(writer, scope, change)
    case 'journal.append':
      return append(writer, scope, change.session_id, change.events)
    case 'delivery.save':
      await rowOf(writer, scope, change.delivery.session_id)
      return saveDelivery(writer, scope.tenant_id, change.delivery)
    case 'session.delete':
      return setDeleted(writer, scope, change.session_id, change.at)
    case 'session.undelete':
      return setDeleted(writer, scope, change.session_id, null)
  }
}

/** Compare and swap: two hosts or two recoveries never hold the same attempt. */
async function beginAttempt(writer: Writer, scope: TenantScope, change: Change<'session.attempt'>): Promise<void> {
  const { session_id, attempt, lease } = change
  const { numUpdatedRows } = await writer
    .updateTable('session')
    .set({ attempt, last_seq: 0, state: 'starting', ended_at: null, end_reason: null, ...lease })
    .where('tenant_id', '=', scope.tenant_id)
    .where('session_id', '=', session_id)
    .where('attempt', '=', attempt - 1)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) {
    throw new StudioError('conflict', 'This call is already going on elsewhere.', 'Open it again to see where it stands.')
  }
}

async function renew(writer: Writer, scope: TenantScope, { session_id, lease }: Change<'session.lease'>): Promise<void> {
  await writer
    .updateTable('session')
    .set({ lease_until: lease.lease_until })
    .where('tenant_id', '=', scope.tenant_id)
    .where('session_id', '=', session_id)
    .where('owner', '=', lease.owner)
    .execute()
}

async function setAgent(writer: Writer, scope: TenantScope, change: Change<'session.agent'>): Promise<void> {
  const { session_id, agent_id, agent_name, revision } = change
  await rowOf(writer, scope, session_id)
  await writer.updateTable('session').set({ agent_id, agent_name, revision }).where('session_id', '=', session_id).execute()
}

async function setInput(writer: Writer, scope: TenantScope, { session_id, input }: Change<'session.input'>): Promise<void> {
  await rowOf(writer, scope, session_id)
  await writer
    .updateTable('session')
    .set({ input: JSON.stringify(input) })
    .where('session_id', '=', session_id)
    .execute()
}

async function append(writer: Writer, scope: TenantScope, session_id: SessionId, events: readonly JournalEvent[]): Promise<void> {
  let session = await rowOf(writer, scope, session_id)
  let seq = session.last_seq
  for (const event of events) {
    if (event.attempt !== session.attempt || event.seq <= seq) {
      throw new StudioError(
        'conflict',
        `The call is at attempt ${session.attempt}, event ${seq}; attempt ${event.attempt}, event ${event.seq} comes too late.`,
        'The process that wrote it was replaced; nothing has to be done.',
      )
    }
    seq = event.seq
  }
  for (const event of events) {
    await writer.insertInto('journal').values(toJournalRow(session_id, event)).execute()
    session = { ...session, ...(await project(writer, session, event)) }
  }
  const { session_id: _, tenant_id: __, ...columns } = { ...session, last_seq: seq }
  await writer.updateTable('session').set(columns).where('session_id', '=', session_id).execute()
}

async function setDeleted(writer: Writer, scope: TenantScope, session_id: SessionId, deleted_at: number | null): Promise<void> {
  await rowOf(writer, scope, session_id)
  let update = writer.updateTable('session').set({ deleted_at }).where('session_id', '=', session_id)
  // A second delete keeps the first one's time, so that the 30 days do not start again.
  if (deleted_at !== null) update = update.where('deleted_at', 'is', null)
  await update.execute()
}

const summaryOf = async (writer: Writer, scope: TenantScope, session_id: SessionId): Promise<SessionSummary> =>
  fromSessionRow(await rowOf(writer, scope, session_id))

async function rowOf(writer: Writer, { tenant_id }: TenantScope, session_id: SessionId): Promise<SessionTable> {
  const row = await writer
    .selectFrom('session')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('session_id', '=', session_id)
    .executeTakeFirst()
  if (!row) throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted; look in Calls.')
  return row
}
