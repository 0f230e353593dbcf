import { v7 } from 'uuid'
import { StudioError } from '../../core/contract/errors.ts'
import { SessionId, type AgentId } from '../../core/contract/ids.ts'
import type { JournalBody, JournalPosition, SessionEvent } from '../../core/contract/session-events.ts'
import type { RoomJoin, SessionRoom } from '../../core/contract/room-join.ts'
import type { CallerDetails, SessionSummary } from '../../core/contract/sessions.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat, RoomSeats } from '../livekit/room-seat.ts'
import { attachMedia, type MediaUpgrade } from './attach-media.ts'
import { createCallsInRooms } from './calls-in-rooms.ts'
import { handOver } from './hand-over.ts'
import { createIdleCalls } from './idle-calls.ts'
import { createLeaseKeeper, lastHeld } from './lease-keeper.ts'
import type { KeepHistory, LiveSession } from './live-session.ts'
import { createLostCalls, RETURN_MS } from './lost-calls.ts'
import { startedSession, withCaller, type StartInput } from './new-session.ts'
import { NO_PAST, readPast, type Past } from './past.ts'
import { endLeftBehind, recoverCalls, type LeftBehind } from './recover-calls.ts'
import { askedOf, createRunningCalls } from './running-calls.ts'
import {
  causeOf,
  hasEnded,
  heldElsewhere,
  noRooms,
  notOurCaller,
  roomIsTaken,
  takesNoCalls,
  tooManyCalls,
} from './session-failure.ts'
import type { SessionDeps } from './session-deps.ts'
import { createSharedCalls } from './shared-calls.ts'
import { createUnseenCallers } from './unseen-callers.ts'
import { createSessionFeed } from './session-feed.ts'
import type { SessionSink } from './session-stream.ts'
import { createRefreshCalls } from './refresh-calls.ts'

/** Every call of this host: those that run, and those that are kept. */
export type Sessions = ReturnType<typeof createSessions>

const DELETED_FOR_MS = 30 * 24 * 60 * 60 * 1000

export function createSessions(deps: SessionDeps) {
  const { calls, runtime, log, emit, seats } = deps
  /** Places in rooms that calls have just left. */
  const leaving = new Set<Promise<void>>()
  const resuming = new Map<SessionId, ReturnType<typeof reply>>()
  let draining = false

  const feed = createSessionFeed({
    ...{ calls, log, emit },
    isRunning: (session_id) => running.get(session_id) !== undefined,
  })

  const running = createRunningCalls(deps, {
    beginAttempt: (scope, session_id, attempt) => beginAttempt(scope, session_id, attempt),
    flush: (session_id) => feed.kept(session_id),
    onEvents: publish,
    onSwitched: async (scope, session_id, agent) => {
      await feed.flush()
      const [session] = await calls.commit(scope, [{ kind: 'session.agent', session_id, ...agent }])
      if (session) feed.announce(scope, session)
    },
    onEnded: ({ session_id, room, started_at }, { scope, seat }, { reason, at, failure }) => {
      feed.forget(session_id)
      unseen.forget(session_id)
      idle.forget(session_id)
      if (reason === 'superseded') deps.quota?.forget(session_id)
      else giveBack(scope, session_id, started_at, at)
      if (seat) leave(seat, reason, failure)
      if (room && reason === 'connection_lost') lost.watch({ scope, session_id, room }, Date.now())
    },
  })

  const leases = createLeaseKeeper({
    ...{ owner: deps.owner, calls, log, held: running.entries },
    onSuperseded: (session_id) => void running.get(session_id)?.live.end('superseded'),
  })
  const idle = createIdleCalls(deps.idle_ms ?? 0, (session_id) => void running.get(session_id)?.live.end('inactive'))
  const callerIsThere: RoomSeats['callerIsThere'] = async (scope, of) => (await seats?.callerIsThere(scope, of)) ?? false
  const unseen = createUnseenCallers({
    callerIsThere,
    end: (session_id, reason) => void running.get(session_id)?.live.end(reason),
    log,
  })
  const lost = createLostCalls({
    callerIsThere,
    resume: async ({ scope, session_id }) => void (await resume(scope, session_id)),
    log,
  })

  const shared = createSharedCalls({
    ...{ deps, running, setTracing, end: endHere },
    mayTakeUp: async (scope, of) => (await seats?.mayReopen(scope, of)) === true && callerIsThere(scope, of),
    isDraining: () => draining,
    takeOver: (scope, session, room) => takeOver(scope, session, room, 'its worker died, and another one goes on'),
  })

  /** Of a call here, from its next turn on, also after a crash; false: it is not here. */
  async function setTracing(scope: TenantScope, session_id: SessionId, enabled: boolean): Promise<boolean> {
    if (running.get(session_id)?.scope.tenant_id !== scope.tenant_id) return false
    await running.setTracing(session_id, enabled)
    const { input } = await find(scope, session_id)
    const overrides = { ...input.overrides, tracing_config: { enabled } }
    await calls.commit(scope, [{ kind: 'session.input', session_id, input: { ...input, overrides } }])
    return true
  }

  const giveBack = (scope: TenantScope, session_id: SessionId, started_at: number, ended_at = started_at): void => {
    deps.quota?.leave(scope, { session_id, started_at, ended_at }).catch((error: unknown) => {
      log.warn({ session_id, error }, 'the place of a call could not be given back; it is free when its lease runs out')
    })
  }

  async function takeOver(scope: TenantScope, session: StoredSession, room: SessionRoom, why: string): Promise<void> {
    const { session_id, agent_name } = session
    const seat = await seats?.reopen(scope, { session_id, room }, agent_name)
    await goOn(scope, session, why, Date.now() - lastHeld(session), seat)
  }

  /** A call of a host that is gone, and whose caller is gone as well. */
  async function endHere(left: LeftBehind): Promise<void> {
    const { scope, session } = left
    const { session_id, room, started_at } = session
    const ended = endLeftBehind(left)
    publish(scope, session_id, [ended])
    await feed.flush()
    feed.forget(session_id)
    giveBack(scope, session_id, started_at, ended.at)
    if (room) lost.watch({ scope, session_id, room }, Date.now())
  }

  function leave(seat: RoomSeat, reason: string, failure?: StudioError): void {
    const left = seat.leave({ reason, failure: failure?.message }).finally(() => leaving.delete(left))
    leaving.add(left)
  }

  function publish(scope: TenantScope, session_id: SessionId, events: readonly SessionEvent[]): void {
    feed.publish(scope, session_id, events)
    if (running.get(session_id)) idle.told(session_id, events)
    const seat = running.get(session_id)?.seat
    if (seat) unseen.told({ scope, session_id, room: seat.room }, events)
  }

  function run(scope: TenantScope, session: StoredSession, seat?: RoomSeat): LiveSession {
    const live = running.run(scope, session, seat)
    leases.watch()
    return live
  }

  async function beginAttempt(scope: TenantScope, session_id: SessionId, attempt: number): Promise<Past> {
    await feed.flush()
    const past = await readPast(calls, scope, session_id)
    await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt, lease: leases.lease() }])
    return past
  }

  /** What was announced of a call is on disk before it is read. */
  async function find(scope: TenantScope, session_id: SessionId): Promise<StoredSession> {
    await feed.flush()
    const session = await calls.find(scope, session_id)
    if (session) return session
    throw new StudioError('not_found', 'There is no such call.', 'It may have been deleted for good; look in Calls.')
  }

  async function summary(scope: TenantScope, session_id: SessionId): Promise<SessionSummary> {
    const { input: _, lease: __, release: ___, ...session } = await find(scope, session_id)
    return session
  }

  async function create(scope: TenantScope, session: StoredSession): Promise<void> {
    const [created] = await calls.commit(scope, [{ kind: 'session.create', session }])
    if (created) feed.announce(scope, created)
  }

  /** What a window needs to take part. */
  async function reply(scope: TenantScope, session_id: SessionId) {
    const session = await summary(scope, session_id)
    const { input } = await find(scope, session_id)
    const { room } = session
    const join = room?.origin === 'studio' && seats ? await seats.callerJoin(scope, { session_id, room }, input.as) : undefined
    return { session, media_path: `/media/${session_id}`, ...(join && { room: join }) }
  }

  async function start(scope: TenantScope, input: StartInput, key_id?: string) {
    if (draining) throw takesNoCalls()
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
    const begun = { session_id, agent_name: document.name, revision: head.revision, lease: leases.lease(), key_id }
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
    return reply(scope, session_id)
  }

  /** The conversation so far goes on, with head of its agent as it is now; whoever asks meanwhile waits for the same. */
  function resume(scope: TenantScope, session_id: SessionId, given?: RoomSeat): ReturnType<typeof reply> {
    const under = resuming.get(session_id)
    if (under) return under
    const resumed = resumeNow(scope, session_id, given).finally(() => resuming.delete(session_id))
    resuming.set(session_id, resumed)
    return resumed
  }

  async function resumeNow(scope: TenantScope, session_id: SessionId, given?: RoomSeat) {
    if (draining) throw takesNoCalls()
    const ended = await find(scope, session_id)
    if (ended.state !== 'ended' || running.get(session_id)) {
      throw new StudioError('conflict', 'This call is still going on.', 'Open it in Calls; nothing has to be resumed.')
    }
    if (ended.deleted_at !== undefined) {
      throw new StudioError('conflict', 'This call is deleted.', 'Bring it back first, then resume it.')
    }
    await running.callableConfig(scope, askedOf(ended))
    const { room } = ended
    if (room && !seats) throw noRooms()
    if (room && seats && running.inRoom(seats.key(scope, room.connection_id), room.room_name) !== undefined) throw roomIsTaken()
    const seat = given ?? (room && (await seats?.reopen(scope, { session_id, room }, ended.agent_name)))
    lost.forget(session_id)
    const gap_ms = Math.max(0, Date.now() - (ended.ended_at ?? Date.now()))
    const ready = goOn(scope, ended, `resumed after ${ended.end_reason ?? 'its end'}`, gap_ms, seat)
    await ready.catch((cause: unknown) => {
      if (seat) leave(seat, 'failed', causeOf(cause))
      throw cause
    })
    return reply(scope, session_id)
  }

  /** The next attempt, from the journal. */
  async function goOn(scope: TenantScope, session: StoredSession, reason: string, gap_ms: number, seat?: RoomSeat) {
    const attempt = session.attempt + 1
    const past = await beginAttempt(scope, session.session_id, attempt)
    try {
      await deps.quota?.admit(scope, { session_id: session.session_id, key_id: session.input.key_id })
    } catch (cause) {
      await endHere({ scope, session, last: { attempt, seq: 0 }, reason: 'quota_exceeded' })
      throw cause
    }
    const recovered: JournalBody = { type: 'session.recovered', reason, gap_ms }
    await run(scope, { ...session, attempt }, seat).begin(past, [recovered])
  }

  async function live(scope: TenantScope, session_id: SessionId): Promise<LiveSession> {
    const found = running.get(session_id)
    if (found && found.scope.tenant_id === scope.tenant_id) return found.live
    throw (await find(scope, session_id)).state === 'ended' ? hasEnded() : heldElsewhere()
  }

  async function stop(scope: TenantScope, session_id: SessionId): Promise<SessionSummary> {
    const found = running.get(session_id)
    if (found && found.scope.tenant_id === scope.tenant_id) await found.live.end('stopped')
    else await shared.stop(scope, await find(scope, session_id))
    return summary(scope, session_id)
  }

  async function setDeleted(scope: TenantScope, session_id: SessionId, deleted: boolean): Promise<SessionSummary> {
    if (deleted) await stop(scope, session_id)
    const [session] = await calls.commit(scope, [
      deleted ? { kind: 'session.delete', session_id, at: Date.now() } : { kind: 'session.undelete', session_id },
    ])
    if (!session) return summary(scope, session_id)
    const { tenant_id } = scope
    emit(deleted ? { type: 'session.deleted', session_id, tenant_id } : { type: 'session.changed', session, tenant_id })
    return session
  }

  return {
    start,
    resume,
    live,
    stop,
    summary,
    setDeleted,
    setTracing,
    list: calls.list,
    countActive: calls.countActive,
    usedModels: running.usedModels,

    /** As clients of servers, and those who fill rooms, need them. */
    inRooms: createCallsInRooms({
      ...{ deps, running, create, run, resume, leave, lease: leases.lease },
      giveBack: (scope, session_id) => giveBack(scope, session_id, Date.now()),
    }),

    /** The caller's own way in, again; a call that lost its connection a short while ago goes on. */
    joinAsCaller: async (scope: TenantScope, session_id: SessionId): Promise<RoomJoin> => {
      const { end_reason, ended_at = 0, room } = await summary(scope, session_id)
      if (!room) throw noRooms()
      const isOver = !running.get(session_id)
      if (isOver && (end_reason !== 'connection_lost' || Date.now() - ended_at > RETURN_MS)) throw hasEnded()
      const { room: join } = isOver ? await resume(scope, session_id) : await reply(scope, session_id)
      if (join) return join
      throw notOurCaller()
    },

    async switchAgent(scope: TenantScope, session_id: SessionId, agent_id: AgentId, history: KeepHistory) {
      const call = await find(scope, session_id)
      if (call.state === 'ended') throw hasEnded()
      if (running.get(session_id)) await running.switchAgent(session_id, agent_id, history, false)
      else await shared.switchAgent(scope, call, agent_id, history)
      return summary(scope, session_id)
    },

    /** The prompt knows it from the next turn on, also after a crash, and the caller's next token says it. */
    async setCaller(scope: TenantScope, session_id: SessionId, details: CallerDetails): Promise<void> {
      await live(scope, session_id)
      const input = withCaller((await find(scope, session_id)).input, details)
      await calls.commit(scope, [{ kind: 'session.input', session_id, input }])
      await running.setVariables(session_id, input.variables)
    },

    journal: async (scope: TenantScope, session_id: SessionId, after: JournalPosition, limit: number) => {
      await find(scope, session_id)
      return calls.journal(scope, session_id, after, limit)
    },

    /** See `SessionStream.subscribe`; rejects with `not_found`. */
    async subscribe(scope: TenantScope, session_id: SessionId, after: JournalPosition, sink: SessionSink): Promise<() => void> {
      await find(scope, session_id)
      return feed.subscribe(scope, session_id, after, sink)
    },

    attachMedia: (scope: TenantScope, id: string, upgrade: MediaUpgrade): Promise<void> =>
      attachMedia({ calls, live: (session_id) => running.get(session_id)?.live, log }, scope, id, upgrade),

    onStudioEvent: createRefreshCalls(running, deps.offline),

    /** Once at the start: calls that the last host left behind go on where they can, and can be resumed where not. */
    async recover(): Promise<void> {
      await recoverCalls({
        calls,
        log,
        seats,
        takeOver: (scope, session, room) => takeOver(scope, session, room, 'the studio was started again'),
        onLost: (call) => lost.watch(call, Date.now()),
        tell: async (scope, session_id, event) => {
          publish(scope, session_id, [event])
          await feed.flush()
          feed.forget(session_id)
        },
      })
      const purged = await calls.purgeDeleted(Date.now() - DELETED_FOR_MS)
      if (purged > 0) log.info({ purged }, 'calls deleted more than 30 days ago were removed')
    },

    /** Takes no calls from now on; resolves when those that run are over, or when `signal` says that it is waited for no longer. */
    isDraining: () => draining,
    drain: (signal: AbortSignal): Promise<void> => {
      draining = true
      return running.whenNone(signal)
    },

    /** After `drain`, where other hosts share the calls: those that go on here may go on there. */
    handOver: (): Promise<void> => {
      shared.close()
      return handOver({ leases, log, count: () => running.entries().filter(([, { seat }]) => seat).length })
    },

    /** In the place of `recover` where other hosts share the calls: theirs go on here when they die. */
    beginTakingOver: shared.beginTakingOver,
    /** Listens for what other hosts ask of the calls here. */
    beginObeying: shared.beginObeying,

    /** From now on one session process is kept ready for the next call. */
    warm: () => runtime.sessions.keepWarm(),

    async close(): Promise<void> {
      lost.close()
      shared.close()
      idle.stop()
      await Promise.all(running.entries().map(([, { live: one }]) => one.end('studio_closed')))
      await Promise.all(leaving)
      leases.stop()
      await feed.flush()
    },
  }
}
