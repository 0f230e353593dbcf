import { isJsonObject } from '../../core/json.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { Operations, OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import type { Change } from '../../core/store/store.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import { announce, getSummary, scopeOf, type AgentDeps } from './agent-deps.ts'
import { createAgent } from './create-agent.ts'
import { reviewDocument } from './document-state.ts'
import { detailOf, discardWorkingCopy, editAgent, renameAgent } from './edit-agent.ts'
import { readSamples, type Sample } from './read-samples.ts'
import { restoreAgent, saveAgent } from './save-agent.ts'

type AgentOperations = Extract<keyof Operations, `agent.${string}`>

/** Agents: reading them, their working copies, revisions, versions, labels and state (`data.md`, "Agents: content and state"). */
export const agentHandlers = (deps: AgentDeps): HandlersOf<AgentOperations> => ({
  'agent.list': async (query, { caller }) => {
    const { rows, count, next_cursor } = await deps.store.agents.list(scopeOf(caller), query)
    return { agents: [...rows], count, ...(next_cursor !== undefined && { next_cursor }) }
  },
  'agent.get': ({ agent_id }, { caller }) => detailOf(deps, scopeOf(caller), agent_id),
  'agent.samples': async () => ({ samples: (await readSamples(deps.samples_dir)).map(summaryOf) }),
  'agent.create': async (input, { caller }) => {
    const scope = scopeOf(caller)
    const agent_id = await createAgent(deps, scope, input)
    await announce(deps, scope, agent_id)
    return detailOf(deps, scope, agent_id)
  },
  'agent.edit': (input, { caller }) => editAgent(deps, scopeOf(caller), input),
  'agent.discard': ({ agent_id }, { caller }) => discardWorkingCopy(deps, scopeOf(caller), agent_id),
  'agent.save': (input, { caller }) => saveAgent(deps, scopeOf(caller), input),
  'agent.rename': (input, { caller }) => renameAgent(deps, scopeOf(caller), input),
  'agent.restore': (input, { caller }) => restoreAgent(deps, scopeOf(caller), input),
  'agent.validate': async ({ content }) => reviewDocument(content, deps.agentTypes()),
  'agent.revisions': async ({ agent_id, ...page }, { caller }) => {
    await getSummary(deps.store, scopeOf(caller), agent_id)
    const { rows, count, next_cursor } = await deps.store.agents.listRevisions(scopeOf(caller), agent_id, page)
    return { revisions: [...rows], count, ...(next_cursor !== undefined && { next_cursor }) }
  },
  'agent.revision': async ({ agent_id, revision }, { caller }) => {
    const found = await deps.store.agents.findRevision(scopeOf(caller), agent_id, revision)
    if (!found) throw new StudioError('not_found', `"${agent_id}" has no revision ${revision}.`, 'Choose one from its history.')
    return found
  },
  'agent.versions': async ({ agent_id }, { caller }) => {
    await getSummary(deps.store, scopeOf(caller), agent_id)
    return { versions: [...(await deps.store.versions.list(scopeOf(caller), agent_id))] }
  },
  'agent.publish': (input, { caller }) => publish(deps, scopeOf(caller), input),
  'agent.labels': async (input, { caller }) => {
    const { agent_id, labels } = await getSummary(deps.store, scopeOf(caller), input.agent_id)
    return { agent_id, labels }
  },
  'agent.label': ({ agent_id, label, version }, { caller }) =>
    change(deps, scopeOf(caller), { kind: 'label.set', agent_id, label, version }, { label, version }),
  'agent.set_state': ({ agent_id, enabled, is_default }, { caller }) => {
    const state = { ...(enabled !== undefined && { enabled }), ...(is_default !== undefined && { is_default }) }
    return change(deps, scopeOf(caller), { kind: 'agent.state', agent_id, ...state }, state)
  },
  'agent.delete': async ({ agent_id }, { caller }) => {
    const agent = await getSummary(deps.store, scopeOf(caller), agent_id)
    if (agent.deleted_at !== undefined) return agent
    await deps.store.commit(scopeOf(caller), [{ kind: 'agent.delete', agent_id }], {
      action: 'agent.delete',
      subject: agent_id,
      detail: {},
    })
    deps.emit({ type: 'agent.deleted', agent_id: agent.agent_id, tenant_id: caller.tenant_id })
    return getSummary(deps.store, scopeOf(caller), agent_id)
  },
  'agent.undelete': async ({ agent_id }, { caller }) => {
    const agent = await getSummary(deps.store, scopeOf(caller), agent_id)
    if (agent.deleted_at === undefined) return agent
    return change(deps, scopeOf(caller), { kind: 'agent.undelete', agent_id }, {})
  },
})

/** In the studio's own store, `production` follows what is published, unless it is not to be served yet. */
async function publish(deps: AgentDeps, scope: TenantScope, { serve, ...input }: ParsedInputOf<'agent.publish'>) {
  const { agent_id, version, revision } = input
  const changes: Change[] = [{ kind: 'version.publish', ...input }]
  if (serve) changes.push({ kind: 'label.set', agent_id, label: 'production', version })
  await deps.store.commit(scope, changes, { action: 'agent.publish', subject: agent_id, detail: { version, revision, serve } })
  await announce(deps, scope, agent_id)
  const published = await deps.store.versions.find(scope, agent_id, version)
  if (!published) throw new Error(`version ${version} of "${agent_id}" is gone right after it was published`)
  return published
}

async function change(
  deps: AgentDeps,
  scope: TenantScope,
  what: Change & Readonly<{ agent_id: string }>,
  detail: Readonly<Record<string, string | boolean | null>>,
) {
  await deps.store.commit(scope, [what], { action: what.kind, subject: what.agent_id, detail })
  return announce(deps, scope, what.agent_id)
}

function summaryOf({ sample_id, content }: Sample): OutputOf<'agent.samples'>['samples'][number] {
  const schema = content['schema_config']
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  const text = (key: string) => (typeof content[key] === 'string' ? content[key] : '')
  return {
    sample_id,
    name: text('name'),
    description: text('description'),
    agent_type: text('agent_type'),
    field_count: Array.isArray(fields) ? fields.length : 0,
  }
}
