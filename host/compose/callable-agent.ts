import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import { createVersionFor } from '../releases/version-for.ts'
import type { AgentHead, SessionDeps } from '../sessions/session-deps.ts'

/** What a call needs of an agent: head, or what production serves of it; undefined when it is not there or deleted. */
export function createCallableAgent(store: Pick<Store, 'agents' | 'versions' | 'releases' | 'routing'>): SessionDeps['head'] {
  const versionFor = createVersionFor({ store })

  async function head(scope: TenantScope, agent_id: string): Promise<AgentHead | undefined> {
    const agent = await store.agents.find(scope, agent_id)
    if (!agent || agent.summary.deleted_at !== undefined) return undefined
    return { revision: agent.head.revision, content: agent.head.content, enabled: agent.summary.enabled }
  }

  return async (scope, { agent_id, served, caller = '', weighted }) => {
    if (!served) return head(scope, agent_id)
    const experiment = weighted ? (await store.routing.weights(scope))?.experiment : undefined
    return versionFor(scope, { agent_id, caller, experiment })
  }
}
