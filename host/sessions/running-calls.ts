import { StudioError } from '../../core/contract/errors.ts'
import type { AgentId, SessionId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { CallInput, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import { createLiveSession, type KeepHistory, type LiveSession } from './live-session.ts'
import type { Past } from './past.ts'
import { buildConfig, type AskedCall, type BuiltConfig } from './session-config.ts'
import type { SessionDeps } from './session-deps.ts'
import { createSpareKeeper } from './spare-keeper.ts'
import { notTakenOver } from './session-failure.ts'
import { createTracedCalls } from './traced-calls.ts'
import { builtinModelsOf } from './used-models.ts'

/** One call that runs. `asked` is another one once another agent goes on with it. */
export type Running = Readonly<{ scope: TenantScope; asked: AskedCall; live: LiveSession; seat?: RoomSeat }>

export type RunningOptions = Readonly<{
  onEvents: (scope: TenantScope, session_id: SessionId, events: readonly SessionEvent[]) => void
  beginAttempt: (scope: TenantScope, session_id: SessionId, attempt: number) => Promise<Past>
  /** Whether this attempt is the one that goes on. */
  isCurrent: (scope: TenantScope, session_id: SessionId, attempt: number) => Promise<boolean>
  /** Rejects when something of this call is not on disk. */
  flush: (session_id: SessionId) => Promise<void>
  onSwitched: (scope: TenantScope, session_id: SessionId, agent: SwitchedTo) => Promise<void>
  onEnded: (session: StoredSession, call: Running, end: CallEnd) => void
}>

/** `at`: as its journal says. `failure`: why it could not go on. */
export type CallEnd = Readonly<{ reason: string; at: number; failure?: StudioError | undefined }>

export type SwitchedTo = Readonly<{ agent_id: AgentId; agent_name: string; revision: number }>

/** A switch is with the process within milliseconds; it may just be starting anew. */
const SWITCH_MS = 10_000

export type RunningCalls = ReturnType<typeof createRunningCalls>

/** The calls of this host that go on now, and what answers in them. */
export function createRunningCalls(deps: SessionDeps, options: RunningOptions) {
  const running = new Map<SessionId, Running>()
  /** Models of this machine that running calls ask for. */
  const used = new Map<SessionId, readonly string[]>()
  const none = new Set<() => void>()
  const spare = createSpareKeeper(deps.runtime.sessions)
  const traces = createTracedCalls(deps.tracing, deps.log)

  async function configOf(scope: TenantScope, asked: AskedCall) {
    const { agent_id } = asked
    const head = await deps.head(scope, asked)
    if (!head) throw new StudioError('not_found', `There is no agent "${agent_id}".`, 'It may have been deleted; look in Agents.')
    return { head, ...(await buildConfig(deps, scope, asked, head)) }
  }

  /** A call may begin, or go on, only with an agent that is switched on; one that answers already keeps answering. */
  async function callableConfig(scope: TenantScope, asked: AskedCall) {
    const built = await configOf(scope, asked)
    if (built.head.enabled) return built
    throw new StudioError('conflict', `"${built.document.name}" is disabled.`, 'Enable the agent, then call it.')
  }

  /** What a call answers by from its next turn on. */
  function learn(session_id: SessionId, asked: AskedCall, built: BuiltConfig): Promise<void> {
    used.set(session_id, builtinModelsOf(built.document))
    return traces.configured(session_id, asked, built)
  }

  function run(scope: TenantScope, session: StoredSession, seat?: RoomSeat): LiveSession {
    const { session_id, modality } = session
    const asked = askedOf(session)
    traces.begin(scope, session)
    const live = createLiveSession({
      session_id,
      attempt: session.attempt,
      modality,
      tenant_id: scope.tenant_id,
      input: session.input,
      started_at: session.started_at,
      pool: { acquire: async (id, listener) => deps.runtime.sessions.acquire(id, listener, await deps.processGroup?.(scope)) },
      log: deps.log,
      ...(seat && { seat, caller_identity: session.room?.caller_identity }),
      configure: async () => {
        const now = running.get(session_id)?.asked ?? asked
        const built = await configOf(scope, now)
        await learn(session_id, now, built)
        return built
      },
      onEvents: (events) => {
        options.onEvents(scope, session_id, events)
        traces.told(session_id, events)
      },
      isCurrent: (attempt) => options.isCurrent(scope, session_id, attempt),
      beginAttempt: (attempt) => options.beginAttempt(scope, session_id, attempt),
      flush: () => options.flush(session_id),
      handOff: (agent_id, history) => switchAgent(session_id, agent_id, history, true),
      onEnded: (reason, at, failure) => {
        const call = running.get(session_id)
        running.delete(session_id)
        used.delete(session_id)
        traces.forget(session_id)
        counted()
        if (call) options.onEnded(session, call, { reason, at, failure })
      },
    })
    running.set(session_id, { scope, asked, live, ...(seat && { seat }) })
    counted()
    return live
  }

  function counted(): void {
    deps.onCount?.(running.size)
    if (running.size === 0) for (const tell of [...none]) tell()
    spare.wanted([...running.values()].some(({ seat }) => seat))
  }

  /** Calls that are alike share one configuration, which is made once. */
  function refresh(isMeant: (call: Running) => boolean): void {
    const made = new Map<string, ReturnType<typeof configOf>>()
    for (const [session_id, call] of [...running].filter(([, one]) => isMeant(one))) {
      const alike = JSON.stringify([call.scope.tenant_id, call.asked])
      const config = made.get(alike) ?? configOf(call.scope, call.asked)
      made.set(alike, config)
      config.then(
        (built) => running.get(session_id) === call && void learn(session_id, call.asked, built),
        // Each call tells its own failure; one that is over just then has nobody to tell.
        (error: unknown) => deps.log.debug({ agent_id: call.asked.agent_id, error }, 'a change cannot be used in calls'),
      )
      void call.live.refresh(config)
    }
  }

  /** Another agent answers from the next turn; resolves when the process has taken it over. */
  async function switchAgent(session_id: SessionId, agent_id: AgentId, history: KeepHistory, speak: boolean): Promise<void> {
    const call = running.get(session_id)
    if (!call) return
    // What a route has changed was for the agent that it chose.
    const { overrides: _, ...before } = call.asked
    const asked: AskedCall = { ...before, agent_id }
    const built = await callableConfig(call.scope, asked)
    const { config, document } = built
    if (running.get(session_id) !== call) return
    running.set(session_id, { ...call, asked })
    void learn(session_id, asked, built)
    await within(SWITCH_MS, call.live.switchTo(config, history, speak))
    await options.onSwitched(call.scope, session_id, { agent_id, agent_name: document.name, revision: config.revision })
  }

  /** The prompt says it from the next turn; resolves when the process was told. */
  async function setVariables(session_id: SessionId, variables: CallInput['variables']): Promise<void> {
    const call = running.get(session_id)
    if (!call) return
    await ask(session_id, call, { ...call.asked, variables })
  }

  /** Something else is asked of a running call: it answers by it from its next turn. */
  async function ask(session_id: SessionId, call: Running, asked: AskedCall): Promise<void> {
    running.set(session_id, { ...call, asked })
    const built = configOf(call.scope, asked)
    built.then((one) => learn(session_id, asked, one)).catch(() => undefined)
    await call.live.refresh(built)
  }

  /** For this call alone, whatever its agent says. */
  async function setTracing(session_id: SessionId, enabled: boolean): Promise<void> {
    const call = running.get(session_id)
    if (!call) return
    const overrides = { ...call.asked.overrides, tracing_config: { enabled } }
    await ask(session_id, call, { ...call.asked, overrides })
  }

  return {
    get: (session_id: SessionId) => running.get(session_id),
    entries: (): readonly (readonly [SessionId, Running])[] => [...running],
    /** The one that goes on in this room. */
    inRoom: (key: string, room_name: string): SessionId | undefined =>
      [...running].find(([, { seat }]) => seat?.key === key && seat.room.room_name === room_name)?.[0],
    /** Resolves when no call goes on, or when `signal` says that it is waited for no longer. */
    whenNone: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (running.size === 0 || signal.aborted) return resolve()
        const tell = () => {
          none.delete(tell)
          resolve()
        }
        none.add(tell)
        signal.addEventListener('abort', tell, { once: true })
      }),
    run,
    refresh,
    switchAgent,
    setVariables,
    setTracing,
    callableConfig,
    /** What running calls ask for, as `builtinModelsOf` names it. */
    usedModels: (): string[] => [...used.values()].flat(),
  }
}

export const askedOf = ({ session_id, agent_id, modality, input, room, route }: StoredSession): AskedCall => ({
  agent_id,
  modality,
  what_if: input.what_if,
  ...(room?.origin === 'dispatch' && { served: true, caller: input.user_id ?? session_id, weighted: route === 'weights' }),
  ...(input.overrides && { overrides: input.overrides }),
})

function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(notTakenOver()), ms)))
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}
