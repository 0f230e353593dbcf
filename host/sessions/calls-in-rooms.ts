import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import type { Lease, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RefusedCall, RoomCalls } from '../livekit/room-calls.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import type { LiveSession } from './live-session.ts'
import { RETURN_MS } from './lost-calls.ts'
import { dispatchedSession, NOBODY } from './new-session.ts'
import { NO_PAST } from './past.ts'
import type { RunningCalls } from './running-calls.ts'
import type { SessionDeps } from './session-deps.ts'
import { causeOf } from './session-failure.ts'

export type InRoomsOptions = Readonly<{
  deps: SessionDeps
  running: RunningCalls
  create: (scope: TenantScope, session: StoredSession) => Promise<void>
  run: (scope: TenantScope, session: StoredSession, seat?: RoomSeat) => LiveSession
  resume: (scope: TenantScope, session_id: SessionId, seat?: RoomSeat) => Promise<unknown>
  giveBack: (scope: TenantScope, session_id: SessionId) => void
  leave: (seat: RoomSeat, reason: string, failure?: StudioError) => void
  lease: () => Lease
}>

/** Calls as clients of LiveKit servers bring them about. */
export function createCallsInRooms({ deps, running, create, run, resume, giveBack, leave, lease }: InRoomsOptions): RoomCalls {
  const { calls } = deps

  /** A call that never was, with the words why. */
  async function keepRefusal(
    scope: TenantScope,
    { session_id, room, decision }: RefusedCall,
    failure: StudioError,
    reason: string,
  ): Promise<void> {
    const session = {
      ...dispatchedSession({ session_id, room, decision, lease: lease(), ...NOBODY }),
      state: 'active',
    } as const
    const at = Date.now()
    const bodies: JournalBody[] = [
      { type: 'session.routed', decision },
      { type: 'session.error', source: 'room', error: failure.body, recoverable: false },
      { type: 'session.ended', reason },
    ]
    const events = bodies.map((body, index) => ({ ...body, attempt: 1, seq: index + 1, at, at_ms: 0 }))
    await create(scope, session)
    const [ended] = await calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
    if (ended) deps.emit({ type: 'session.changed', session: ended, tenant_id: scope.tenant_id })
  }

  return {
    count: () => running.entries().length,
    inRoom: running.inRoom,
    state: (session_id) => {
      const found = running.get(session_id)
      if (!found?.seat) return undefined
      const { scope, live, seat } = found
      return { scope, room: seat.room, attempt: live.attempt(), agent_identity: seat.identity }
    },

    async answer(scope, { session_id, agent_id, decision, seat, caller_identity, key_id }) {
      const { variables: _, overrides, user_id } = decision
      const asked = {
        agent_id,
        modality: 'voice',
        what_if: {},
        overrides,
        served: true,
        caller: user_id ?? session_id,
        weighted: decision.rule === 'weights',
      } as const
      const room = { ...seat.room, ...(caller_identity !== undefined && { caller_identity }) }
      try {
        await deps.quota?.admit(scope, { session_id, key_id })
      } catch (cause) {
        await keepRefusal(scope, { session_id, room, decision }, causeOf(cause), 'quota_exceeded')
        leave(seat, 'failed', causeOf(cause))
        throw cause
      }
      try {
        const { head, document } = await running.callableConfig(scope, asked)
        const begun = { session_id, agent_name: document.name, revision: head.revision, lease: lease(), room }
        const { release } = head
        const session = { ...dispatchedSession({ ...begun, agent_id, decision, key_id }), ...(release && { release }) }
        await create(scope, session)
        await run(scope, session, seat).begin(NO_PAST, [{ type: 'session.routed', decision }])
      } catch (cause) {
        if (!running.get(session_id)) giveBack(scope, session_id)
        leave(seat, 'failed', causeOf(cause))
        throw cause
      }
    },

    refuse: (scope, call) => keepRefusal(scope, call, nobodyAnswers(call.decision.reason), 'no_agent'),

    findLost: (scope, connection_id, room_name) =>
      calls.findLost(scope, { connection_id, room_name, ended_since: Date.now() - RETURN_MS }),
    resume: async (scope, session_id, seat) => void (await resume(scope, session_id, seat)),
    end: async (session_id, reason) => running.get(session_id)?.live.end(reason),
  }
}

const nobodyAnswers = (reason: string): StudioError =>
  new StudioError('not_found', `No agent answers: ${reason}`, 'See in Routing which rule should have matched.')
