import { developmentAgent, type Environment } from '../../../core/agent/development-agent.ts'
import { readShort } from '../../../core/agent/short-view.ts'
import { starterInstructions } from '../../../core/agent/blank-agent.ts'
import { AgentId } from '../../../core/contract/ids.ts'
import { mergeDocument } from '../../../core/agent/merge-document.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { ApiDeps } from './api-deps.ts'
import { newContent } from './content-from.ts'
import { createAgentDocument } from './create-agent-document.ts'

const ACTION = 'agent.development'
const ID = AgentId.parse('development-agent')
/** Audit rows of a first run; an agent that somebody purged later does not come back. */
const FIRST_ROWS = 200

/** On the first run, the agent that the environment describes. Resolves to its id, if it was made. */
export async function addDevelopmentAgent(deps: ApiDeps, scope: TenantScope, env: Environment): Promise<AgentId | undefined> {
  const body = developmentAgent(env)
  if (!body) return undefined
  const { store } = deps
  const done = (await store.audit.list(scope, 0, FIRST_ROWS)).some(({ action }) => action === ACTION)
  if (done || (await store.agents.findSummary(scope, ID))) return undefined
  const { patch, is_default } = readShort(body)
  const content = newContent(ID, mergeDocument({ prompt_config: { instructions: starterInstructions } }, patch))
  await createAgentDocument(deps, scope, { agent_id: ID, content, is_default, action: ACTION })
  return ID
}
