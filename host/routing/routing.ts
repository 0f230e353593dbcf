import { StudioError } from '../../core/contract/errors.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import { UserId } from '../../core/contract/ids.ts'
import { decideRoute, SIGNED_SOURCES, signedUser, type RouteOptions } from '../../core/routing/decide-route.ts'
import type { Json } from '../../core/json.ts'
import type { RouteDecision, RouteSource } from '../../core/routing/decision.ts'
import type { RoutableAgent } from '../../core/routing/route-book.ts'
import type { RouteRequest } from '../../core/routing/route-request.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import { readAgain, readSnapshot, withDraft, type RouteSnapshot } from './route-snapshot.ts'

export type RoutingDeps = Readonly<{
  store: Pick<Store, 'routing' | 'directory'>
  /** The studio's own dispatch name. */
  private_name: () => string | undefined
  /** The worker's own default, of its environment. */
  default_agent_id?: string | undefined
  clock: () => number
}>

export type DecideOptions = Readonly<{
  /** Sources that the caller cannot write; absent: dispatch name, job and room. */
  trusted?: readonly RouteSource[]
  /** As if it were then, ms. */
  at?: number
  /** As if this agent's `routing` were saved like that. */
  draft?: Readonly<{ agent_id: string; routing: Json }>
}>

/** Which agent answers, by what the store knows. What is read of the store is kept until an event says that it changed. */
export type Routing = Readonly<{
  decide: (scope: TenantScope, request: RouteRequest, options?: DecideOptions) => Promise<RouteDecision>
  /** By `agent_id`; those that are deleted are left out. */
  agents: (scope: TenantScope) => Promise<readonly RoutableAgent[]>
  snapshot: (scope: TenantScope) => Promise<RouteSnapshot>
  /** Call it with every event of the studio. */
  onStudioEvent: (event: StudioEvent) => void
}>

/** `changed`: agents to be read again. `outdated`: everything is. */
type Kept = { snapshot: Promise<RouteSnapshot>; changed: Set<string>; outdated: boolean }

export function createRouting({ store, private_name, default_agent_id, clock }: RoutingDeps): Routing {
  const kept = new Map<string, Kept>()

  async function latest(scope: TenantScope): Promise<RouteSnapshot> {
    const before = kept.get(scope.tenant_id)
    if (before && before.changed.size === 0 && !before.outdated) return before.snapshot
    const reading =
      before && !before.outdated
        ? before.snapshot.then((snapshot) => readAgain(store.routing, scope, snapshot, before.changed))
        : readSnapshot(store.routing, scope)
    const now: Kept = { snapshot: reading.catch(inItsPlace), changed: new Set(), outdated: false }
    kept.set(scope.tenant_id, now)
    return now.snapshot

    function inItsPlace(cause: unknown): Promise<RouteSnapshot> {
      if (kept.get(scope.tenant_id) === now) forget(scope.tenant_id, before, now)
      // While the store is away callers go where they went before.
      if (before && cause instanceof StudioError && cause.code === 'unavailable') return before.snapshot
      throw cause
    }
  }

  /** While the store is away, users who are not known have chosen nothing. */
  async function chosenBy(scope: TenantScope, named: string | undefined): Promise<RouteOptions['user_default']> {
    const user_id = UserId.safeParse(named).data
    if (user_id === undefined || /[\p{Cc}\p{Cs}]/u.test(user_id)) return undefined
    const user = await store.directory.user(scope, user_id).catch((cause: unknown) => {
      if (cause instanceof StudioError && cause.code === 'unavailable') return undefined
      throw cause
    })
    return user?.enabled && user.default_agent_id !== undefined ? { user_id, agent_id: user.default_agent_id } : undefined
  }

  /** A store that fails once is asked again, for everything that it was asked for. */
  function forget(tenant_id: string, before: Kept | undefined, now: Kept): void {
    if (!before) return void kept.delete(tenant_id)
    for (const agent_id of now.changed) before.changed.add(agent_id)
    before.outdated ||= now.outdated
    kept.set(tenant_id, before)
  }

  return {
    decide: async (scope, request, { trusted = SIGNED_SOURCES, at = clock(), draft } = {}) => {
      const { book: saved, weights } = await latest(scope)
      const book = draft ? withDraft(saved, draft) : saved
      const asked = { private_name: private_name(), trusted }
      const user_default = await chosenBy(scope, signedUser(request, asked))
      const fixed = { tenant_id: scope.tenant_id, default_agent_id, user_default }
      return decideRoute(request, book, weights, { ...asked, ...fixed, now: at })
    },
    agents: async (scope) => (await latest(scope)).book.agents,
    snapshot: latest,
    onStudioEvent: (event) => {
      if (event.type !== 'route.changed' && event.type !== 'agent.changed' && event.type !== 'agent.deleted') return
      for (const tenant_id of event.tenant_id === undefined ? [...kept.keys()] : [event.tenant_id]) {
        const known = kept.get(tenant_id)
        if (!known) continue
        if (event.type === 'route.changed') known.outdated = true
        else known.changed.add(event.type === 'agent.changed' ? event.agent.agent_id : event.agent_id)
      }
    },
  }
}
