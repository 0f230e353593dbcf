import type { Logger } from 'pino'
import type { AgentDocument } from '../../core/agent/document.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { Features } from '../../core/contract/tenants.ts'
import type { CallStore, ReleaseChoice, StoredSession } from '../../core/store/calls.ts'
import type { JsonObject } from '../../core/json.ts'
import type { OwnPrice } from '../../core/store/providers.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SessionCommands } from '../../core/store/session-commands.ts'
import type { Emit } from '../handler.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { LocalModels } from '../runtime/local-model.ts'
import type { SecretsFor } from '../runtime/present-secrets.ts'
import type { ProcessGroup } from '../runtime/session-pool.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** What answers of an agent, as much as a call needs. `release`: the rollout that chose it. */
export type AgentHead = Readonly<{ revision: number; content: DocumentJson; enabled: boolean; release?: ReleaseChoice }>

/**
 * Which agent is meant, and for whom. `served`: what production serves, in the place of head. `caller`: who always gets the same version of
 * it. `weighted`: the A/B weights chose it.
 */
export type AskedAgent = Readonly<{ agent_id: string; served?: boolean; caller?: string; weighted?: boolean }>

/** Places among the calls that a tenant may have. */
export type SessionPlaces = Readonly<{
  /** Throws `quota_exceeded` and `forbidden` in words for the caller. */
  admit: (scope: TenantScope, call: Readonly<{ session_id: SessionId; key_id?: string | undefined }>) => Promise<void>
  leave: (scope: TenantScope, ended: Readonly<{ session_id: SessionId; started_at: number; ended_at: number }>) => Promise<void>
  /** Another host goes on with it, and counts it from now on. */
  forget: (session_id: SessionId) => void
}>

/** Traces of a call, from what it tells anyway. */
export type CallTracing = Readonly<{
  begin: (
    scope: TenantScope,
    session: StoredSession,
  ) => Readonly<{
    /** What answers from the next turn on. `forced`: this call was asked for by name, whatever the sample is. */
    configured: (
      config: Readonly<{ document: AgentDocument; revision: number; variables: JsonObject; forced: boolean }>,
    ) => Promise<void>
    told: (events: readonly SessionEvent[]) => void
  }>
}>

export type SessionDeps = Readonly<{
  calls: CallStore
  runtime: Pick<Runtime, 'sessions' | 'engine'>
  log: Logger
  emit: Emit
  /** Undefined: no such agent, or a deleted one. */
  head: (scope: TenantScope, asked: AskedAgent) => Promise<AgentHead | undefined>
  /** Reference → value; one that is not there is left out, or `not_found`. */
  secretsFor: SecretsFor
  /** Models on this machine, asked anew for each call. */
  localModels: () => LocalModels | Promise<LocalModels>
  /** Whether only this machine may be asked. */
  offline: () => boolean
  /** Which host this is, for those that share the calls. */
  owner: string
  /** Places in rooms; absent: direct calls alone. */
  seats?: RoomSeats
  /** So many calls may go on at once. */
  max_sessions: number
  /** Limits of tenants; absent: none. */
  quota?: SessionPlaces
  /** Other hosts that share the calls ask for something by these. */
  commands?: SessionCommands
  /** Whether this host answers with an agent; absent: with each. */
  serves?: (scope: TenantScope, agent_id: string) => Promise<boolean>
  /** With which other calls those of a tenant may share a process; absent: with all. */
  processGroup?: (scope: TenantScope) => Promise<ProcessGroup>
  /** A call without a turn for so long has ended, ms; absent or 0: never. */
  idle_ms?: number
  /** How many calls go on, whenever it is another number. */
  onCount?: (running: number) => void
  /** What the tier of a tenant leaves out; absent: nothing. */
  features?: (scope: TenantScope) => Promise<Features | undefined>
  /** Follows calls for whoever looks at traces; absent: nobody does. */
  tracing?: CallTracing
  ownPrices: (scope: TenantScope) => Promise<readonly OwnPrice[]>
}>
