import { withoutSecrets } from '../../core/agent/secret-scan.ts'
import { DocumentJson, type AgentDetail, type WorkingCopy } from '../../core/contract/agents.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { Change } from '../../core/store/store.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { announce, getAgent, type AgentDeps } from './agent-deps.ts'
import { isNewerFormat, newerFormat, requireValid } from './document-state.ts'

/** A name for edits that no window made, so that every window takes them over. */
const HOST_CLIENT = 'host'

/** Keeps what is typed, valid or not, but no key that was pasted into it; the other windows see it at once. */
export async function editAgent(deps: AgentDeps, scope: TenantScope, input: ParsedInputOf<'agent.edit'>): Promise<WorkingCopy> {
  const before = await getAgent(deps.store, scope, input.agent_id)
  if (isNewerFormat(before.head.content)) throw newerFormat()
  await deps.store.commit(
    scope,
    [{ kind: 'working_copy.write', ...input, content: DocumentJson.parse(withoutSecrets(input.content)) }],
    null,
  )
  const { summary, working_copy } = await getAgent(deps.store, scope, input.agent_id)
  if (!working_copy) throw new Error(`the working copy of "${input.agent_id}" is gone right after it was written`)
  const { tenant_id } = scope
  if (!before.working_copy) deps.emit({ type: 'agent.changed', agent: summary, tenant_id })
  deps.emit({ type: 'agent.edited', agent_id: summary.agent_id, working_copy, tenant_id })
  return working_copy
}

export async function discardWorkingCopy(deps: AgentDeps, scope: TenantScope, agent_id: string): Promise<AgentDetail> {
  const before = await getAgent(deps.store, scope, agent_id)
  if (before.working_copy) {
    await deps.store.commit(scope, [{ kind: 'working_copy.drop', agent_id }], null)
    await announce(deps, scope, agent_id)
    deps.emit({ type: 'agent.edited', agent_id: before.summary.agent_id, tenant_id: scope.tenant_id })
  }
  return detailOf(deps, scope, agent_id)
}

/** In head, as a revision of its own, and in the working copy, which thereby stands on the new head if it stood on the old one. */
export async function renameAgent(
  deps: AgentDeps,
  scope: TenantScope,
  { agent_id, name }: ParsedInputOf<'agent.rename'>,
): Promise<AgentDetail> {
  const { head, working_copy } = await getAgent(deps.store, scope, agent_id)
  if (isNewerFormat(head.content)) throw newerFormat()
  const content = { ...head.content, name }
  requireValid(content)
  const revise: Change = { kind: 'agent.revise', agent_id, content, based_on: head.revision, note: 'Renamed' }
  await deps.store.commit(scope, working_copy ? [revise, renamedCopy(agent_id, name, head.revision, working_copy)] : [revise], {
    action: 'agent.rename',
    subject: head.agent_id,
    detail: { revision: head.revision + 1, name },
  })
  await announce(deps, scope, agent_id)
  const detail = await detailOf(deps, scope, agent_id)
  const { working_copy: after } = detail
  if (after) deps.emit({ type: 'agent.edited', agent_id: head.agent_id, working_copy: after, tenant_id: scope.tenant_id })
  return detail
}

export async function detailOf({ store }: AgentDeps, scope: TenantScope, agent_id: string): Promise<AgentDetail> {
  const agent = await getAgent(store, scope, agent_id)
  return { ...agent, read_only: isNewerFormat(agent.head.content) }
}

function renamedCopy(agent_id: string, name: string, old_head: number, copy: WorkingCopy): Change {
  return {
    kind: 'working_copy.write',
    agent_id,
    content: { ...copy.content, name },
    based_on: copy.based_on === old_head ? old_head + 1 : copy.based_on,
    edit: copy.edit,
    client_id: HOST_CLIENT,
  }
}
