import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import { SessionId } from '../../core/contract/ids.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { Lease, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import type { CallEndings } from './call-endings.ts'
import type { CallReads } from './call-reads.ts'
import { lastHeld } from './lease-keeper.ts'
import type { LiveSession } from './live-session.ts'
import { startedSession, type StartInput } from './new-session.ts'
import { NO_PAST, readPast, type Past } from './past.ts'
import { askedOf, type RunningCalls } from './running-calls.ts'
import { causeOf, noRooms, roomIsTaken, takesNoCalls, tooManyCalls } from './session-failure.ts'
import type { SessionDeps } from './session-deps.ts'
import type { SessionFeed } from './session-feed.ts'

export type BeginningsOptions = Readonly<{
  deps: SessionDeps
  running: RunningCalls
  reads: CallReads
  endings: CallEndings
  feed: SessionFeed
  run: (scope: TenantScope, session: StoredSession, seat?: RoomSeat) => LiveSession
  lease: () => Lease
  isDraining: () => boolean
  /** It goes on: nobody has to look for its caller any more. */
  onResumed: (session_id: SessionId) => void
}>

/** Calls begin here, and go on: after their end, or after the death of whoever held them. */
export function createCallBeginnings(options: BeginningsOptions) {
  const { deps, running, reads, endings, feed, run, lease, isDraining, onResumed } = options
  const { calls, log, seats } = deps
  const { giveBack, leave } = endings
  const resuming = new Map<SessionId, ReturnType<CallReads['reply']>>()

  async function create(scope: TenantScope, session: StoredSession): Promise<void> {
    const [created] = await calls.commit(scope, [{ kind: 'session.create', session }])
    if (created) feed.announce(scope, created)
  }

  async function start(scope: TenantScope, input: StartInput, key_id?: string) {
    if (isDraining()) throw takesNoCalls()
    if (running.entries().length >= deps.max_sessions) throw tooManyCalls(deps.max_sessions)
    const { agent_id, modality, what_if, connection_id } = input
    const { head, document } = await running.callableConfig(scope, { agent_id, modality, what_if })
    const session_id = SessionId.parse(v7())
    if (connection_id !== undefined && !seats) throw noRooms()
    await deps.quota?.admit(scope, { session_id, key_id })
    const wanted = connection_id !== undefined && { session_id, connection_id, agent_name: document.name }
    const seat = await (wanted ? seats?.open(scope, wanted) : undefined)?.catch((cause: unknown) => {
      giveBack(scope, session_id, Date.now())
      throw cause
    })
    const begun = { session_id, agent_name: document.name, revision: head.revision, lease: lease(), key_id }
    const session = startedSession(input, { ...begun, ...(seat && { room: seat.room }) })
    try {
      await create(scope, session)
    } catch (cause) {
      giveBack(scope, session_id, Date.now())
      if (seat) leave(seat, 'failed', causeOf(cause))
      throw cause
    }
    const ready = run(scope, session, seat).begin(NO_PAST, [])
    // The caller joins while the agent is still on its way; what goes wrong is told in the call.
    if (seat) ready.catch((error: unknown) => log.debug({ session_id, error }, 'a room call did not begin'))
    else await ready
    return reads.reply(scope, session_id)
  }

  async function beginAttempt(scope: TenantScope, session_id: SessionId, attempt: number): Promise<Past> {
    await feed.flush()
    const past = await readPast(calls, scope, session_id)
    await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt, lease: lease() }])
    return past
  }

  /** The next attempt, from the journal. */
  async function goOn(scope: TenantScope, session: StoredSession, reason: string, gap_ms: number, seat?: RoomSeat) {
    const { session_id, input } = session
    const attempt = session.attempt + 1
    const past = await beginAttempt(scope, session_id, attempt)
    try {
      await deps.quota?.admit(scope, { session_id, key_id: input.key_id })
    } catch (cause) {
      await endings.leftBehind({ scope, session, last: { attempt, seq: 0 }, reason: 'quota_exceeded' })
      throw cause
    }
    const recovered: JournalBody = { type: 'session.recovered', reason, gap_ms }
    await run(scope, { ...session, attempt }, seat).begin(past, [recovered])
  }

  async function resumeNow(scope: TenantScope, session_id: SessionId, given?: RoomSeat) {
    if (isDraining()) throw takesNoCalls()
    const ended = await reads.find(scope, session_id)
    if (ended.state !== 'ended' || running.get(session_id)) throw goesOn()
    if (ended.deleted_at !== undefined) throw isDeleted()
    await running.callableConfig(scope, askedOf(ended))
    const { room } = ended
    if (room && !seats) throw noRooms()
    if (room && seats && running.inRoom(seats.key(scope, room.connection_id), room.room_name) !== undefined) throw roomIsTaken()
    const seat = given ?? (room && (await seats?.reopen(scope, { session_id, room }, ended.agent_name)))
    onResumed(session_id)
    const gap_ms = Math.max(0, Date.now() - (ended.ended_at ?? Date.now()))
    const ready = goOn(scope, ended, `resumed after ${ended.end_reason ?? 'its end'}`, gap_ms, seat)
    await ready.catch((cause: unknown) => {
      if (seat) leave(seat, 'failed', causeOf(cause))
      throw cause
    })
    return reads.reply(scope, session_id)
  }

  return {
    create,
    start,
    beginAttempt,

    /** The conversation so far goes on, with head of its agent as it is now; whoever asks meanwhile waits for the same. */
    resume: (scope: TenantScope, session_id: SessionId, given?: RoomSeat): ReturnType<CallReads['reply']> => {
      const under = resuming.get(session_id)
      if (under) return under
      const resumed = resumeNow(scope, session_id, given).finally(() => resuming.delete(session_id))
      resuming.set(session_id, resumed)
      return resumed
    },

    /** Of a host that is gone, and whose caller is still there. */
    takeOver: async (scope: TenantScope, session: StoredSession, room: SessionRoom, why: string): Promise<void> => {
      const { session_id, agent_name } = session
      const seat = await seats?.reopen(scope, { session_id, room }, agent_name)
      await goOn(scope, session, why, Date.now() - lastHeld(session), seat)
    },
  }
}

const goesOn = (): StudioError =>
  new StudioError('conflict', 'This call is still going on.', 'Open it in Calls; nothing has to be resumed.')

const isDeleted = (): StudioError => new StudioError('conflict', 'This call is deleted.', 'Bring it back first, then resume it.')
