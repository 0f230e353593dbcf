import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { AgentHead, AskedAgent } from '../sessions/session-deps.ts'

/** What a call needs of an agent: head, or what production serves of it; undefined when it is not there or deleted. */
export async function callableAgent(
  { agents }: Pick<Store, 'agents'>,
  scope: TenantScope,
  { agent_id, served }: AskedAgent,
): Promise<AgentHead | undefined> {
  if (served) return agents.served(scope, agent_id)
  const agent = await agents.find(scope, agent_id)
  if (!agent || agent.summary.deleted_at !== undefined) return undefined
  return { revision: agent.head.revision, content: agent.head.content, enabled: agent.summary.enabled }
}
