import { StudioError } from '../../../core/contract/errors.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import type { JournalEvent } from '../../../core/contract/session-events.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { CallChange } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { projected, wordsOf } from './call-projection.ts'
import { CALLS, COMMANDS, DELIVERIES, JOURNAL, toSummary, WORDS, type CallRow } from './call-tables.ts'
import { CALL_COMMIT_KEYS, isDone, keepKey } from './commit-keys.ts'
import type { Unit } from './unit.ts'

type Change<Kind extends CallChange['kind']> = Extract<CallChange, { kind: Kind }>
type CallWrite = Readonly<{ unit: Unit; scope: TenantScope }>

/** All changes of one commit, in order; resolves to the calls touched, as they are then. */
export async function commitCalls(
  write: CallWrite,
  changes: readonly CallChange[],
  once?: string,
): Promise<readonly SessionSummary[]> {
  const {
    unit,
    scope: { tenant_id },
  } = write
  const touched = [...new Set(changes.map(sessionOf))]
  const isOver = once !== undefined && (await isDone(unit, CALL_COMMIT_KEYS, tenant_id, once))
  await unit.prefetch(
    CALLS,
    tenant_id,
    touched.map((session_id) => [session_id]),
  )
  if (!isOver) for (const change of changes) await apply(write, change)
  if (!isOver && once !== undefined) keepKey(unit, CALL_COMMIT_KEYS, tenant_id, once)
  return Promise.all(touched.map(async (session_id) => toSummary(await requireCall(write, session_id))))
}

function sessionOf(change: CallChange): SessionId {
  if (change.kind === 'session.create') return change.session.session_id
  return change.kind === 'delivery.save' ? change.delivery.session_id : change.session_id
}

async function apply(write: CallWrite, change: CallChange): Promise<void> {
  const { unit, scope } = write
  switch (change.kind) {
    case 'session.create':
      return create(write, change)
    case 'session.attempt':
      return beginAttempt(write, change)
    case 'session.lease':
      return renew(write, change)
    case 'session.agent': {
      const { agent_id, agent_name, revision } = change
      const call = await requireCall(write, change.session_id)
      return unit.put(CALLS, scope.tenant_id, { ...call, agent_id, agent_name, revision })
    }
    case 'session.input':
      return unit.put(CALLS, scope.tenant_id, { ...(await requireCall(write, change.session_id)), input: change.input })
    case 'journal.append':
      return append(write, change.session_id, change.events)
    case 'delivery.save':
      return saveDelivery(write, change)
    case 'session.delete': {
      const call = await requireCall(write, change.session_id)
      // A second delete keeps the first one's time, so that the 30 days do not start again.
      return unit.put(CALLS, scope.tenant_id, { ...call, deleted_at: call.deleted_at ?? change.at })
    }
    case 'session.undelete':
      return unit.put(CALLS, scope.tenant_id, { ...(await requireCall(write, change.session_id)), deleted_at: undefined })
  }
}

export async function requireCall({ unit, scope }: CallWrite, session_id: SessionId): Promise<CallRow> {
  const call = await unit.find(CALLS, scope.tenant_id, [session_id])
  if (!call) throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted; look in Calls.')
  return call
}

async function create({ unit, scope }: CallWrite, { session }: Change<'session.create'>): Promise<void> {
  if (await unit.find(CALLS, scope.tenant_id, [session.session_id]))
    throw new StudioError('conflict', 'There is such a call already.', 'Start another one.')
  unit.put(CALLS, scope.tenant_id, { ...session, user_id: scope.user_id, last_seq: 0, open_turns: {}, silences: [] })
}

/** Compare and swap: two hosts or two recoveries never hold the same attempt. */
async function beginAttempt(
  { unit, scope }: CallWrite,
  { session_id, attempt, lease }: Change<'session.attempt'>,
): Promise<void> {
  const call = await unit.find(CALLS, scope.tenant_id, [session_id])
  if (call?.attempt !== attempt - 1) {
    throw new StudioError('conflict', 'This call is already going on elsewhere.', 'Open it again to see where it stands.')
  }
  const { ended_at: _, end_reason: __, ...rest } = call
  unit.put(CALLS, scope.tenant_id, { ...rest, attempt, last_seq: 0, state: 'starting', ...(lease && { lease }) })
}

async function renew({ unit, scope }: CallWrite, { session_id, lease }: Change<'session.lease'>): Promise<void> {
  const call = await unit.find(CALLS, scope.tenant_id, [session_id])
  if (call?.lease?.owner === lease.owner) unit.put(CALLS, scope.tenant_id, { ...call, lease })
}

async function append(write: CallWrite, session_id: SessionId, events: readonly JournalEvent[]): Promise<void> {
  const { unit, scope } = write
  let call = await requireCall(write, session_id)
  for (const event of events) {
    const { attempt, seq } = event
    if (attempt !== call.attempt || seq <= call.last_seq) throw tooLate(call, event)
    call = { ...projected(call, event), last_seq: seq }
    unit.put(JOURNAL, scope.tenant_id, { session_id, attempt, seq, event })
    const words = wordsOf(event)
    if (words.length > 0) unit.put(WORDS, scope.tenant_id, { session_id, attempt, seq, words: [...words] })
  }
  unit.put(CALLS, scope.tenant_id, call)
  if (call.state === 'ended') await dropCommands(write, session_id)
}

const tooLate = ({ attempt, last_seq }: CallRow, event: JournalEvent): StudioError =>
  new StudioError(
    'conflict',
    `The call is at attempt ${attempt}, event ${last_seq}; attempt ${event.attempt}, event ${event.seq} comes too late.`,
    'The process that wrote it was replaced; nothing has to be done.',
  )

/** Nobody holds the call any more who could do what was asked. */
async function dropCommands({ unit, scope }: CallWrite, session_id: SessionId): Promise<void> {
  const waiting = await unit.query(COMMANDS, scope.tenant_id, { session_id }, (row) => row.session_id === session_id)
  for (const { command_id } of waiting) unit.remove(COMMANDS, scope.tenant_id, [command_id])
}

async function saveDelivery(write: CallWrite, { delivery }: Change<'delivery.save'>): Promise<void> {
  const { user_id } = await requireCall(write, delivery.session_id)
  // What it says of its next attempt counts from now on, also where an instance had hidden it.
  write.unit.put(DELIVERIES, write.scope.tenant_id, { ...delivery, user_id, due_at: delivery.next_at })
}
