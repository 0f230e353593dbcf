import type { AgentSummary } from '../../core/contract/agents.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { StoredAgent } from '../../core/store/agents.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit } from '../handler.ts'

export type AgentDeps = Readonly<{ store: Store; emit: Emit; samples_dir: string; agentTypes: () => readonly string[] }>

export const scopeOf = ({ tenant_id, user_id }: Caller): TenantScope => ({ tenant_id, user_id })

/** Throws `not_found`; a deleted agent is found. */
export async function getAgent(store: Store, scope: TenantScope, agent_id: string): Promise<StoredAgent> {
  const agent = await store.agents.find(scope, agent_id)
  if (!agent) throw noAgent(agent_id)
  return agent
}

/** Throws `not_found`; a deleted agent is found. */
export async function getSummary(store: Store, scope: TenantScope, agent_id: string): Promise<AgentSummary> {
  const summary = await store.agents.findSummary(scope, agent_id)
  if (!summary) throw noAgent(agent_id)
  return summary
}

/** Tells every window what the agent is now. */
export async function announce({ store, emit }: AgentDeps, scope: TenantScope, agent_id: string): Promise<AgentSummary> {
  const agent = await getSummary(store, scope, agent_id)
  emit({ type: 'agent.changed', agent, tenant_id: scope.tenant_id })
  return agent
}

const noAgent = (agent_id: string): StudioError =>
  new StudioError('not_found', `There is no agent "${agent_id}".`, 'Look it up in the list of agents.')
