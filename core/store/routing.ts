import type { AgentId } from '../contract/ids.ts'
import type { RouteWeights } from '../contract/routing.ts'
import type { Json } from '../json.ts'
import type { TenantScope } from './scope.ts'

/** What leads callers to an agent: its state, and `routing` of head as it stands there (undefined: the document has none). */
export type StoredRoute = Readonly<{
  agent_id: AgentId
  name: string
  enabled: boolean
  is_default: boolean
  agent_type: string
  routing: Json | undefined
}>

export type RoutingReads = Readonly<{
  /** Undefined: never set. */
  weights: (scope: TenantScope) => Promise<RouteWeights | undefined>
  /** Agents that are not deleted, without reading their documents. `agent_id`: that one alone. */
  routes: (scope: TenantScope, agent_id?: string) => Promise<readonly StoredRoute[]>
}>

/** In place of those before. `based_on`: compare and swap, they must still be these, else `conflict`. */
export type RoutingChange = Readonly<{ kind: 'route.weights'; weights: RouteWeights; based_on?: RouteWeights }>
