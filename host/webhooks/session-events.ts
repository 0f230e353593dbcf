import type { JournalEvent } from '../../core/contract/session-events.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { WebhookEvent } from '../../core/contract/webhooks.ts'
import type { JsonObject } from '../../core/json.ts'
import type { CallChange, CallStore, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'

const PAGE = 2000

/** What happened to a session that webhooks may be told of. */
export type SessionHappening = Readonly<{
  event: WebhookEvent
  session_id: SessionId
  at: number
  new_events: readonly JournalEvent[]
}>

export function happeningsIn(changes: readonly CallChange[]): readonly SessionHappening[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'journal.append') return []
    const { session_id, events: new_events } = change
    return new_events.flatMap(({ type, at }) =>
      type === 'session.started' || type === 'session.ended' ? [{ event: type, session_id, at, new_events }] : [],
    )
  })
}

/** What a webhook is told: the session as it was then and, at its end, the last output of its agent. Undefined: there is no such session. */
export async function describeHappening(
  calls: Pick<CallStore, 'find' | 'journal'>,
  scope: TenantScope,
  { event, session_id, at, new_events }: SessionHappening,
): Promise<JsonObject | undefined> {
  const session = await calls.find(scope, session_id)
  if (!session) return undefined
  const type = event
  const timestamp = new Date(at).toISOString()
  const head = { tenant_id: scope.tenant_id, ...shownSession(session) }
  if (event === 'session.started') return { type, timestamp, data: { session: { ...head, state: 'active' } } }
  const ended = new_events.findLast((one) => one.type === 'session.ended')
  const turns = new_events.filter((one) => one.type === 'turn.committed').length
  const tail = {
    ...{ state: 'ended', ended_at: timestamp, end_reason: ended?.reason ?? 'ended' },
    ...{ turn_count: session.turn_count + turns, duration_ms: Math.max(0, at - session.started_at) },
  }
  const output = lastOutput(new_events) ?? (await findLastOutput(calls, scope, session_id))
  return { type, timestamp, data: { session: { ...head, ...tail }, output: output ?? null } }
}

function shownSession({ session_id, agent_id, agent_name, revision, kind, modality, started_at, room, input }: StoredSession) {
  return {
    ...{ session_id, agent_id, agent_name, revision, kind, modality, started_at: new Date(started_at).toISOString() },
    ...(room && { room_name: room.room_name }),
    ...(input.user_id !== undefined && { user_id: input.user_id }),
  }
}

function lastOutput(events: readonly JournalEvent[]): JsonObject | undefined {
  return events.findLast((event) => event.type === 'output.done')?.output
}

async function findLastOutput(
  calls: Pick<CallStore, 'journal'>,
  scope: TenantScope,
  session_id: SessionId,
): Promise<JsonObject | undefined> {
  let found: JsonObject | undefined
  let after = { attempt: 0, seq: 0 }
  for (;;) {
    const { events, more } = await calls.journal(scope, session_id, after, PAGE)
    found = lastOutput(events) ?? found
    const last = events.at(-1)
    if (!more || !last) return found
    after = { attempt: last.attempt, seq: last.seq }
  }
}
