import { v7 } from 'uuid'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { AgentId } from '../../../core/contract/ids.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { Change } from '../../../core/store/store.ts'
import { contentFor, requireValid } from '../document-state.ts'
import type { ApiDeps } from './api-deps.ts'
import { asDocument } from './as-document.ts'
import { announced } from './write-agent.ts'

/** What clients of the API read as the version of an agent that they gave none. */
const FIRST_VERSION = '1.0.0'

export type NewAgent = Readonly<{
  agent_id: AgentId
  content: JsonObject
  version?: string | undefined
  enabled?: boolean | undefined
  is_default?: boolean | undefined
  owner_id?: string | undefined
  action: string
  /** Committed with it. */
  others?: readonly Change[]
}>

/** Makes the agent, its first version and what is served of it, in one commit; an id that is taken is a `conflict`. */
export async function createAgentDocument(deps: ApiDeps, scope: TenantScope, made: NewAgent): Promise<StoredAgent> {
  const { agent_id, owner_id, version = FIRST_VERSION, enabled, is_default, action, others = [] } = made
  const content: DocumentJson = contentFor(agent_id, asDocument(made.content))
  requireValid(content)
  await requireRoom(deps, scope)
  const create: Change = {
    kind: 'agent.create',
    id: v7(),
    agent_id,
    content,
    note: '',
    ...(owner_id !== undefined && { owner_id }),
  }
  const state = { ...(enabled === false && { enabled }), ...(is_default === true && { is_default }) }
  const changes: Change[] = [
    create,
    { kind: 'version.publish', agent_id, version, revision: 1, name: '', note: '' },
    { kind: 'label.set', agent_id, label: 'production', version },
    ...(Object.keys(state).length > 0 ? [{ kind: 'agent.state' as const, agent_id, ...state }] : []),
    ...others,
  ]
  await deps.store.commit(scope, changes, { action, subject: agent_id, detail: { version } })
  return announced(deps, scope, agent_id)
}

/** A tenant may be allowed only so many agents. */
async function requireRoom({ store }: ApiDeps, scope: TenantScope): Promise<void> {
  const most = (await store.directory.tenant(scope.tenant_id))?.limits.agents ?? undefined
  if (most === undefined) return
  const { count } = await store.agents.list(scope, { deleted: false, limit: 1 })
  if (count < most) return
  throw new StudioError(
    'quota_exceeded',
    `The tenant has ${count} agents, and may have ${most}.`,
    'Purge agents that are no longer needed, or ask for a larger quota.',
  )
}
