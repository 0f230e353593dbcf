import { DEFAULT_USER, type Caller } from '../../../core/contract/caller.ts'
import type { AgentId } from '../../../core/contract/ids.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change, Store } from '../../../core/store/store.ts'

/**
 * The user's default agent. There is exactly one as long as the user can use any: the one that was chosen, else the tenant's, else the
 * first by name; an agent that is disabled or gone is none.
 */
export async function defaultAgent(store: Store, scope: TenantScope): Promise<AgentId | undefined> {
  const chosen = await chosenDefault(store, scope)
  if (chosen !== undefined) {
    const agent = await store.agents.findSummary(scope, chosen)
    if (agent?.enabled && agent.deleted_at === undefined) return agent.agent_id
  }
  const { rows } = await store.agents.list(scope, { deleted: false, enabled: true, owner_id: scope.user_id, limit: 100 })
  return (rows.find(({ is_default }) => is_default) ?? rows[0])?.agent_id
}

export const chosenDefault = async (store: Store, scope: TenantScope): Promise<AgentId | undefined> =>
  (await store.directory.user(scope, scope.user_id))?.default_agent_id

/** What makes an agent the user's only default; null: none of the user's own. A user that only a token knows is written down for it. */
export async function defaultChanges(
  store: Store,
  { role, ...caller }: Caller,
  agent_id: AgentId | null,
  now: number,
): Promise<readonly Change[]> {
  const { tenant_id, user_id } = caller
  const known = await store.directory.user({ tenant_id, user_id }, user_id)
  const user = { user_id, name: user_id, role, enabled: true, created_at: now }
  return [
    ...(known ? [] : [{ kind: 'user.save' as const, user }]),
    { kind: 'user.default_agent', user_id, agent_id },
    // Without authentication there is one user, whose default is the server's.
    ...(user_id === DEFAULT_USER && agent_id !== null ? [{ kind: 'agent.state' as const, agent_id, is_default: true }] : []),
  ]
}
