import type { AgentId, SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { CustomEvent } from '../../core/extension/custom-event.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SessionAsk } from '../../core/store/session-commands.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import { createCallsElsewhere } from './calls-elsewhere.ts'
import type { KeepHistory } from './live-session.ts'
import type { LeftBehind } from './recover-calls.ts'
import { askedOf, type RunningCalls } from './running-calls.ts'
import type { SessionDeps } from './session-deps.ts'
import { hasEnded, noSuchCall } from './session-failure.ts'
import { createTakeOvers } from './take-overs.ts'

export type SharedCallsOptions = Readonly<{
  deps: SessionDeps
  running: RunningCalls
  /** Its caller is there, in a room where its tenant may answer. */
  mayTakeUp: RoomSeats['callerIsThere']
  isDraining: () => boolean
  setTracing: (scope: TenantScope, session_id: SessionId, enabled: boolean) => Promise<unknown>
  /** Attempt n+1 of it begins here. */
  takeOver: (scope: TenantScope, session: StoredSession, room: SessionRoom) => Promise<void>
  /** Nobody holds it any more. */
  end: (left: LeftBehind) => Promise<void>
}>

const MOST_EXPIRED = 1000

/** Calls of hosts that share a store: taken over from those that die, and asked for something at those that live. */
export function createSharedCalls({ deps, running, end, ...options }: SharedCallsOptions) {
  const { calls, commands, owner, log, max_sessions } = deps
  const takeOvers = createTakeOvers({
    ...{ calls, log, end, callerIsThere: options.mayTakeUp, takeOver: options.takeOver },
    room: () => (options.isDraining() ? 0 : max_sessions - running.entries().length),
    isHere: (session_id) => running.get(session_id) !== undefined,
    serves: async (scope, agent_id) => (await deps.serves?.(scope, agent_id)) ?? true,
  })
  const elsewhere = createCallsElsewhere({ calls, commands, owner, log, obey })

  async function obey(scope: TenantScope, session_id: SessionId, ask: SessionAsk): Promise<void> {
    const found = running.get(session_id)
    if (found?.scope.tenant_id !== scope.tenant_id) return
    switch (ask.ask) {
      case 'stop':
        return found.live.end(ask.reason)
      case 'switch_agent':
        return running.switchAgent(session_id, ask.agent_id, ask.history, false)
      case 'tracing':
        return void (await options.setTracing(scope, session_id, ask.enabled))
      case 'event':
        return found.live.send({ type: 'event', session_id, ...ask.event })
    }
  }

  return {
    beginTakingOver: takeOvers.begin,
    beginObeying: () => elsewhere.begin(),
    close(): void {
      takeOvers.stop()
      elsewhere.stop()
    },

    /** For the extension of a call's agent, whichever host holds it. */
    event: async (scope: TenantScope, session_id: SessionId, event: CustomEvent): Promise<void> => {
      const found = running.get(session_id)
      if (found?.scope.tenant_id === scope.tenant_id) return found.live.send({ type: 'event', session_id, ...event })
      const call = await calls.find(scope, session_id)
      if (!call) throw noSuchCall()
      if (call.state === 'ended') throw hasEnded()
      await elsewhere.tell(scope, session_id, { ask: 'event', event })
    },

    async switchAgent(scope: TenantScope, call: StoredSession, agent_id: AgentId, history: KeepHistory): Promise<void> {
      // What would be refused there is told here.
      await running.callableConfig(scope, { ...askedOf(call), agent_id })
      const isThere = (now: StoredSession) => now.agent_id.toLowerCase() === agent_id.toLowerCase()
      await elsewhere.ask(scope, call.session_id, { ask: 'switch_agent', agent_id, history }, isThere)
    },

    /** By whoever holds it; one whose holder is gone is ended here. */
    async stop(scope: TenantScope, { session_id, lease, state }: StoredSession): Promise<void> {
      if (state === 'ended' || !lease || lease.owner === owner) return
      const reason = 'stopped'
      const isOver = (now?: StoredSession) => now?.state === 'ended'
      await elsewhere.ask(scope, session_id, { ask: 'stop', reason }, isOver).catch(async (cause: unknown) => {
        const left = (await calls.listExpired(Date.now(), MOST_EXPIRED)).find((one) => one.session.session_id === session_id)
        if (left) await end({ ...left, reason })
        else if (!isOver(await calls.find(scope, session_id))) throw cause
      })
    },
  }
}
