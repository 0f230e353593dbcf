import { StudioError } from '../../../core/contract/errors.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { CallChange } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { callerIdOf } from '../../../core/session/caller-id.ts'
import { project } from './calls-projection.ts'
import { fromSessionRow, toJournalRow, toSessionRow } from './calls-rows.ts'
import type { CallsDb, SessionTable } from './calls-schema.ts'
import { isFirstOfCalls } from './commit-keys.ts'
import { saveDelivery } from './delivery-table.ts'
import type { Dialect } from './dialect.ts'

type Change<Kind extends CallChange['kind']> = Extract<CallChange, { kind: Kind }>
/** The transaction that changes are part of, and who makes them. */
export type CallWrite = Readonly<{ db: CallsDb; scope: TenantScope; dialect: Dialect }>

/** Resolves to the sessions touched, as they are now. */
export async function commitCallChanges(
  write: CallWrite,
  changes: readonly CallChange[],
  key?: Readonly<{ once: string; at: number }>,
): Promise<readonly SessionSummary[]> {
  const { db, scope } = write
  if (!key || (await isFirstOfCalls(db, scope.tenant_id, key.once, key.at)))
    for (const change of changes) await apply(write, change)
  const touched: SessionSummary[] = []
  for (const session_id of new Set(changes.map(sessionOf))) touched.push(fromSessionRow(await rowOf(write, session_id)))
  return touched
}

function sessionOf(change: CallChange): SessionId {
  if (change.kind === 'session.create') return change.session.session_id
  return change.kind === 'delivery.save' ? change.delivery.session_id : change.session_id
}

async function apply(write: CallWrite, change: CallChange): Promise<void> {
  switch (change.kind) {
    case 'session.create':
      await write.db.insertInto('session').values(toSessionRow(write.scope, change.session)).execute()
      return
    case 'session.attempt':
      return beginAttempt(write, change)
    case 'session.lease':
      return renew(write, change)
    case 'session.agent':
      return setAgent(write, change)
    case 'session.input':
      return setInput(write, change)
    case 'journal.append':
      return append(write, change.session_id, change.events)
    case 'delivery.save':
      await rowOf(write, change.delivery.session_id)
      return saveDelivery(write.db, write.scope.tenant_id, change.delivery)
    case 'session.delete':
      return setDeleted(write, change.session_id, change.at)
    case 'session.undelete':
      return setDeleted(write, change.session_id, null)
  }
}

/** Compare and swap: two hosts or two recoveries never hold the same attempt. */
async function beginAttempt({ db, scope }: CallWrite, change: Change<'session.attempt'>): Promise<void> {
  const { session_id, attempt, lease } = change
  const { numUpdatedRows } = await db
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

async function renew({ db, scope }: CallWrite, { session_id, lease }: Change<'session.lease'>): Promise<void> {
  await db
    .updateTable('session')
    .set({ lease_until: lease.lease_until })
    .where('tenant_id', '=', scope.tenant_id)
    .where('session_id', '=', session_id)
    .where('owner', '=', lease.owner)
    .execute()
}

async function setAgent(write: CallWrite, change: Change<'session.agent'>): Promise<void> {
  const { session_id, agent_id, agent_name, revision } = change
  await rowOf(write, session_id)
  await update(write, session_id, { agent_id, agent_name, revision })
}

async function setInput(write: CallWrite, { session_id, input }: Change<'session.input'>): Promise<void> {
  await rowOf(write, session_id)
  await update(write, session_id, { input: JSON.stringify(input), caller_id: callerIdOf(input) ?? null })
}

async function append(write: CallWrite, session_id: SessionId, events: readonly JournalEvent[]): Promise<void> {
  let session = await rowOf(write, session_id)
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
  if (events.length === 0) return
  await insertEvents(write.db, session_id, events)
  for (const event of events) session = { ...session, ...(await project(write, session, event)) }
  const { session_id: _, tenant_id: __, ...columns } = { ...session, last_seq: seq }
  await update(write, session_id, columns)
}

/** Databases take so many values in one statement. */
const ROWS_AT_ONCE = 1000

async function insertEvents(db: CallsDb, session_id: SessionId, events: readonly JournalEvent[]): Promise<void> {
  const rows = events.map((event) => toJournalRow(session_id, event))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE)
    await db.insertInto('journal').values(some).execute()
  }
}

async function setDeleted(write: CallWrite, session_id: SessionId, deleted_at: number | null): Promise<void> {
  const row = await rowOf(write, session_id)
  // A second delete keeps the first one's time, so that the 30 days do not start again.
  if (deleted_at !== null && row.deleted_at !== null) return
  await update(write, session_id, { deleted_at })
}

async function update({ db, scope }: CallWrite, session_id: SessionId, columns: Partial<SessionTable>): Promise<void> {
  await db
    .updateTable('session')
    .set(columns)
    .where('tenant_id', '=', scope.tenant_id)
    .where('session_id', '=', session_id)
    .execute()
}

/** Nobody else changes the session until the transaction is over. */
async function rowOf({ db, scope, dialect }: CallWrite, session_id: SessionId): Promise<SessionTable> {
  const row = await db
    .selectFrom('session')
    .selectAll()
    .where('tenant_id', '=', scope.tenant_id)
    .where('session_id', '=', session_id)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst()
  if (!row) throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted; look in Calls.')
  return row
}
