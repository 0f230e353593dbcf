import type { RouteWeights } from '../../core/contract/routing.ts'
import type { Json } from '../../core/json.ts'
import { routableAgent, routeBook, type RoutableAgent, type RouteBook } from '../../core/routing/route-book.ts'
import type { RoutingReads, StoredRoute } from '../../core/store/routing.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** What the routing knows of one tenant. */
export type RouteSnapshot = Readonly<{ book: RouteBook; weights: RouteWeights }>

const NO_WEIGHTS: RouteWeights = { experiment: 'default', arms: [] }

export async function readSnapshot(routing: RoutingReads, scope: TenantScope): Promise<RouteSnapshot> {
  const rows = await routing.routes(scope)
  return { book: routeBook(rows.map(toRoutable)), weights: await readWeights(routing, scope) }
}

/** The same with a few agents read anew, which among thousands is much less. */
export async function readAgain(
  routing: RoutingReads,
  scope: TenantScope,
  { book, weights }: RouteSnapshot,
  agent_ids: ReadonlySet<string>,
): Promise<RouteSnapshot> {
  const fresh: RoutableAgent[] = []
  for (const agent_id of agent_ids) fresh.push(...(await routing.routes(scope, agent_id)).map(toRoutable))
  const kept = book.agents.filter(({ agent_id }) => !agent_ids.has(agent_id))
  // The one that was the default before is not told of by an event of its own.
  const others = fresh.some(({ is_default }) => is_default) ? kept.map(withoutDefault) : kept
  return { book: routeBook([...others, ...fresh]), weights }
}

/** As the agents would be if one's `routing` were saved like this. */
export const withDraft = (book: RouteBook, { agent_id, routing }: Readonly<{ agent_id: string; routing: Json }>): RouteBook =>
  routeBook(book.agents.map((agent) => (agent.agent_id === agent_id ? routableAgent(agent, routing) : agent)))

const readWeights = async (routing: RoutingReads, scope: TenantScope): Promise<RouteWeights> =>
  (await routing.weights(scope)) ?? NO_WEIGHTS

const toRoutable = (row: StoredRoute): RoutableAgent => routableAgent(row, row.routing)
const withoutDefault = (agent: RoutableAgent): RoutableAgent => (agent.is_default ? { ...agent, is_default: false } : agent)
