import type { Logger } from 'pino'
import type { AgentId } from '../../core/contract/ids.ts'
import type { RouteDecision, RouteSource } from '../../core/routing/decision.ts'
import type { RouteRequest } from '../../core/routing/route-request.ts'
import type { WorkerFilter } from '../../core/routing/worker-filter.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { ConnectionBook } from '../livekit/live-connection.ts'
import type { RoomCalls } from '../livekit/room-calls.ts'
import type { Worker, WorkerListener } from '../runtime/worker-port.ts'

/** What rooms need to know of an agent. */
export type ServedAgent = Readonly<{
  agent_id: AgentId
  name: string
  agent_type: string
  enabled: boolean
  dispatch_by_name: boolean
}>

/** Who answers. `trusted`: sources that the caller cannot write. */
export type Router = Readonly<{
  decide: (
    scope: TenantScope,
    request: RouteRequest,
    options?: Readonly<{ trusted?: readonly RouteSource[] }>,
  ) => Promise<RouteDecision>
  agents: (scope: TenantScope) => Promise<readonly ServedAgent[]>
}>

/** Whose agents the worker serves. */
export type ServedTenants = Readonly<{
  /** All of them. */
  list: () => Promise<readonly TenantScope[]>
  /** One by its id; undefined when it is not there, or disabled. */
  find: (tenant_id: string) => Promise<TenantScope | undefined>
  /** Whose jobs those are that say nothing of a tenant. */
  unclaimed: TenantScope
}>

/** Dispatch names that no agent has. */
export type DispatchNames = Readonly<{
  /** Of the calls that this host itself begins. */
  private_name: string
  /** Of calls to whichever agent their metadata means. `always`: registered wherever agents are served by name. */
  common: Readonly<{ name: string; always: boolean }>
}>

export type RoomDeps = Readonly<{
  tenants: ServedTenants
  names: DispatchNames
  connections: ConnectionBook
  router: Router
  /** Which agents this worker takes. */
  filter: WorkerFilter
  /** More calls than these are left to other workers. */
  max_sessions: number
  startWorker: (listener: WorkerListener) => Worker
  /** Known once both are there: calls take places in rooms, and rooms bring calls. */
  calls: () => RoomCalls
  /** What the worker says of itself is another. */
  onWorkerChange: () => void
  log: Logger
}>
