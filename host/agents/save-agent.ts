import type { AgentRevision, DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { Change } from '../../core/store/store.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { announce, getAgent, type AgentDeps } from './agent-deps.ts'
import { contentFor, isNewerFormat, newerFormat, requireValid, sameContent } from './document-state.ts'

/**
 * Makes the next revision. Content that is head already makes none, so that a save may be repeated after a lost reply, and starting a
 * call without changes leaves no trace.
 */
export async function saveAgent(deps: AgentDeps, scope: TenantScope, input: ParsedInputOf<'agent.save'>): Promise<AgentRevision> {
  const { head } = await getAgent(deps.store, scope, input.agent_id)
  const { agent_id } = head
  if (isNewerFormat(head.content)) throw newerFormat()
  requireOwnId(agent_id, input.content)
  const content = contentFor(agent_id, input.content)
  requireValid(content)
  const { based_on, note, edit } = input
  const drop: Change = { kind: 'working_copy.drop', agent_id, ...(edit !== undefined && { edit }) }
  return makeHead(deps, scope, { head, content, based_on, note, action: 'agent.save', others: [drop] })
}

/** A new head with the content of an earlier revision; refused while there is typing that would be lost. */
export async function restoreAgent(
  deps: AgentDeps,
  scope: TenantScope,
  { agent_id, revision, based_on }: ParsedInputOf<'agent.restore'>,
): Promise<AgentRevision> {
  const { head, working_copy } = await getAgent(deps.store, scope, agent_id)
  if (isNewerFormat(head.content)) throw newerFormat()
  const earlier = await deps.store.agents.findRevision(scope, agent_id, revision)
  if (!earlier) throw new StudioError('not_found', `"${agent_id}" has no revision ${revision}.`, 'Choose one from its history.')
  if (working_copy && !sameContent(working_copy.content, head.content)) {
    throw new StudioError('conflict', `"${agent_id}" has changes that are not saved.`, 'Save or discard them, then restore.')
  }
  const drop: Change = { kind: 'working_copy.drop', agent_id: head.agent_id }
  const note = `Restored revision ${revision}`
  return makeHead(deps, scope, { head, content: earlier.content, based_on, note, action: 'agent.restore', others: [drop] })
}

type NewHead = Readonly<{
  head: AgentRevision
  content: DocumentJson
  based_on: number
  note: string
  action: string
  /** Done in the same transaction, after the revision. */
  others: readonly Change[]
}>

async function makeHead(deps: AgentDeps, scope: TenantScope, next: NewHead): Promise<AgentRevision> {
  const { head, content, based_on, note, action, others } = next
  const { agent_id } = head
  if (sameContent(head.content, content)) {
    await deps.store.commit(scope, others, null)
  } else {
    const revise: Change = { kind: 'agent.revise', agent_id, content, based_on, note }
    await deps.store.commit(scope, [revise, ...others], { action, subject: agent_id, detail: { revision: based_on + 1 } })
  }
  await announce(deps, scope, agent_id)
  const after = await getAgent(deps.store, scope, agent_id)
  const { tenant_id } = scope
  deps.emit({ type: 'agent.edited', agent_id, tenant_id, ...(after.working_copy && { working_copy: after.working_copy }) })
  return after.head
}

function requireOwnId(agent_id: string, content: DocumentJson): void {
  const own = content['agent_id']
  if (own === undefined || (typeof own === 'string' && own.toLowerCase() === agent_id.toLowerCase())) return
  throw new StudioError(
    'invalid_document',
    `The document says it is another agent than "${agent_id}".`,
    'An agent keeps its id; duplicate it to have another.',
    [{ path: '/agent_id', message: `must be "${agent_id}"` }],
  )
}
