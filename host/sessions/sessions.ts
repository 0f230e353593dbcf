import type { SessionId, AgentId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { RoomJoin } from '../../core/contract/room-join.ts'
import type { CallerDetails, SessionSummary } from '../../core/contract/sessions.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat, RoomSeats } from '../livekit/room-seat.ts'
import { attachMedia, type MediaUpgrade } from './attach-media.ts'
import { createCallBeginnings } from './call-beginnings.ts'
import { createCallEndings } from './call-endings.ts'
import { createCallReads } from './call-reads.ts'
import { createCallsInRooms } from './calls-in-rooms.ts'
import { handOver } from './hand-over.ts'
import { createIdleCalls } from './idle-calls.ts'
import { createLeaseKeeper } from './lease-keeper.ts'
import type { KeepHistory, LiveSession } from './live-session.ts'
import { createLostCalls, RETURN_MS } from './lost-calls.ts'
import { withCaller } from './new-session.ts'
import { recoverCalls } from './recover-calls.ts'
import { createRunningCalls } from './running-calls.ts'
import { hasEnded, heldElsewhere, noRooms, notOurCaller } from './session-failure.ts'
import type { SessionDeps } from './session-deps.ts'
import { createSharedCalls } from './shared-calls.ts'
import { createUnseenCallers } from './unseen-callers.ts'
import { createSessionFeed } from './session-feed.ts'
import { createRefreshCalls } from './refresh-calls.ts'

/** Every call of this host: those that run, and those that are kept. */
export type Sessions = ReturnType<typeof createSessions>

const DELETED_FOR_MS = 30 * 24 * 60 * 60 * 1000

export function createSessions(deps: SessionDeps) {
  const { calls, runtime, log, emit, seats } = deps
  let draining = false

  const feed = createSessionFeed({
    ...{ calls, log, emit },
    isRunning: (session_id) => running.get(session_id) !== undefined,
  })

  const running = createRunningCalls(deps, {
    beginAttempt: (...next) => beginnings.beginAttempt(...next),
    isCurrent: (...of) => endings.isCurrent(...of),
    flush: (session_id) => feed.kept(session_id),
    onEvents: publish,
    onSwitched: async (scope, session_id, agent) => {
      await feed.flush()
      const [session] = await calls.commit(scope, [{ kind: 'session.agent', session_id, ...agent }])
      if (session) feed.announce(scope, session)
    },
    onEnded: (session, call, how) => {
      const { session_id } = session
      feed.forget(session_id)
      unseen.forget(session_id)
      idle.forget(session_id)
      endings.ended(session, call, how)
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
    resume: async ({ scope, session_id }) => void (await beginnings.resume(scope, session_id)),
    log,
  })

  const endings = createCallEndings({ deps, feed, publish, onLost: (call) => lost.watch(call, Date.now()) })
  const reads = createCallReads(deps, feed)
  const { find, summary } = reads
  const beginnings = createCallBeginnings({
    ...{ deps, running, reads, endings, feed, run, lease: leases.lease },
    isDraining: () => draining,
    onResumed: lost.forget,
  })

  const shared = createSharedCalls({
    ...{ deps, running, setTracing, end: endings.leftBehind },
    mayTakeUp: async (scope, of) => (await seats?.mayReopen(scope, of)) === true && callerIsThere(scope, of),
    isDraining: () => draining,
    takeOver: (scope, session, room) => beginnings.takeOver(scope, session, room, 'its worker died, and another one goes on'),
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
    start: beginnings.start,
    resume: beginnings.resume,
    live,
    stop,
    summary,
    setDeleted,
    setTracing,
    event: shared.event,
    list: calls.list,
    countActive: calls.countActive,
    usedModels: running.usedModels,

    /** As clients of servers, and those who fill rooms, need them. */
    inRooms: createCallsInRooms({
      ...{ deps, running, run, lease: leases.lease },
      ...{ create: beginnings.create, resume: beginnings.resume, leave: endings.leave },
      giveBack: (scope, session_id) => endings.giveBack(scope, session_id, Date.now()),
    }),

    /** The caller's own way in, again; a call that lost its connection a short while ago goes on. */
    joinAsCaller: async (scope: TenantScope, session_id: SessionId): Promise<RoomJoin> => {
      const { end_reason, ended_at = 0, room } = await summary(scope, session_id)
      if (!room) throw noRooms()
      const isOver = !running.get(session_id)
      if (isOver && (end_reason !== 'connection_lost' || Date.now() - ended_at > RETURN_MS)) throw hasEnded()
      const { room: join } = isOver ? await beginnings.resume(scope, session_id) : await reads.reply(scope, session_id)
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

    journal: reads.journal,
    subscribe: reads.subscribe,

    attachMedia: (scope: TenantScope, id: string, upgrade: MediaUpgrade): Promise<void> =>
      attachMedia({ calls, live: (session_id) => running.get(session_id)?.live, log }, scope, id, upgrade),

    onStudioEvent: createRefreshCalls(running, deps.offline),

    /** Once at the start: calls that the last host left behind go on where they can, and can be resumed where not. */
    async recover(): Promise<void> {
      await recoverCalls({
        calls,
        log,
        seats,
        takeOver: (scope, session, room) => beginnings.takeOver(scope, session, room, 'the studio was started again'),
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
      await endings.settled()
      leases.stop()
      await feed.flush()
    },
  }
}
