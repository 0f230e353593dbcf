import { StudioError } from '../../../core/contract/errors.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'

/** Throws `not_found`, also for an agent that was deleted: who deleted it in the studio may bring it back there. */
export async function findAgent(store: Store, scope: TenantScope, agent_id: string): Promise<StoredAgent> {
  const agent = await store.agents.find(scope, agent_id)
  if (!agent || agent.summary.deleted_at !== undefined) throw noSuchAgent(agent_id)
  return agent
}

export const noSuchAgent = (name: string): StudioError =>
  new StudioError('not_found', `There is no agent "${name.slice(0, 200)}".`, 'Look it up in the list of agents.')
