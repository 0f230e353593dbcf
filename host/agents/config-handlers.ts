import { changedOnly } from '../../core/agent/changed-only.ts'
import { readWhole, type WholeDraft } from '../../core/agent/whole-view.ts'
import { hasRole, type Caller } from '../../core/contract/caller.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { JsonObject } from '../../core/json.ts'
import type { StoredAgent } from '../../core/store/agents.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import { scopeOf } from './agent-deps.ts'
import { listVersions, nextVersion, versionBefore } from './api/agent-versions.ts'
import type { ApiDeps } from './api/api-deps.ts'
import { asDocument } from './api/as-document.ts'
import { changedContent, newContent } from './api/content-from.ts'
import { createAgentDocument } from './api/create-agent-document.ts'
import { requireMatch } from './api/etag.ts'
import { withField, withoutField } from './api/field-rows.ts'
import { findAgent } from './api/find-agent.ts'
import { freeAgentId } from './api/free-agent-id.ts'
import { listConfigs } from './api/list-configs.ts'
import { purgeAgent } from './api/purge-agent.ts'
import { toggleTracing } from './api/toggle-tracing.ts'
import { warningsOf } from './api/warnings.ts'
import { createWholeReader, type Whole, type WholeReader } from './api/whole.ts'
import { writeAgent, type AgentEdit } from './api/write-agent.ts'

type ConfigNames =
  | 'config.create'
  | 'config.get'
  | 'config.update'
  | 'config.delete'
  | 'config.list'
  | 'config.add_field'
  | 'config.remove_field'
  | 'config.toggle_tracing'
  | 'config.versions'
  | 'config.publish'
  | 'config.rollback'

/** The configuration API: whole documents, each write at work at once (`production-api.md`, part A). */
export const configHandlers = (deps: ApiDeps): HandlersOf<ConfigNames> => {
  const whole = createWholeReader(deps.store)
  const write = writer(deps, whole)
  return {
    'config.create': ({ document }, { caller }) => create(deps, whole, scopeOf(caller), document),
    'config.get': (input, { caller }) => get(deps, whole, scopeOf(caller), input),
    'config.update': ({ patch, ...target }, { caller }) => {
      const draft = readable(readWhole(patch))
      // State alone leaves what is served as it is, also where the studio has saved something newer.
      const isContent = Object.keys(draft.patch).length > 0
      return write(caller, target, 'config.update', async (agent, scope) => ({
        ...stateOf(draft),
        // Of what a client read and sends back, defaults that it saw stay defaults.
        content: isContent
          ? await changedContent(deps.store, scope, agent, changedOnly(draft.patch, (await whole.read(scope, agent)).document))
          : undefined,
        note: '',
        version: await newVersion(draft.version, agent, scope),
      }))
    },
    'config.delete': async ({ purge, ...target }, { caller }) => {
      if (!purge) return write(caller, target, 'config.delete', async () => ({ enabled: false, note: '' }))
      requireAdmin(caller)
      const scope = scopeOf(caller)
      const agent = await findAgent(deps.store, scope, target.agent_id)
      requireMatch(target.if_match, (await whole.read(scope, agent)).etag, target.agent_id)
      await purgeAgent(deps, scope, agent.summary.agent_id)
      return {}
    },
    'config.list': (query, { caller }) => listConfigs(deps.store, whole, scopeOf(caller), query),
    'config.add_field': ({ field, ...target }, { caller }) =>
      write(caller, target, 'config.add_field', async (agent) => ({ content: withField(agent, field), note: 'Added a field' })),
    'config.remove_field': ({ field_name, ...target }, { caller }) =>
      write(caller, target, 'config.remove_field', async (agent) => ({
        content: withoutField(agent, field_name),
        note: `Removed the field ${field_name}`,
      })),
    'config.toggle_tracing': (input, { caller }) => toggleTracing(deps, scopeOf(caller), input),
    'config.versions': async ({ agent_id }, { caller }) =>
      listVersions(deps.store, scopeOf(caller), await findAgent(deps.store, scopeOf(caller), agent_id)),
    'config.publish': ({ version, name, note, serve, patch, ...target }, { caller }) =>
      write(caller, target, 'config.publish', async (agent, scope) => ({
        note,
        serve,
        content: patch && (await changedContent(deps.store, scope, agent, readable(readWhole(patch)).patch)),
        version: { version: version ?? nextVersion(await deps.store.versions.list(scope, agent.summary.agent_id)), name, note },
      })),
    'config.rollback': ({ version, ...target }, { caller }) =>
      write(caller, target, 'config.rollback', (agent, scope) => rollback(deps, whole, scope, agent, version)),
  }

  /** A write may name the version that is shown, as a client does that sends back what it read; only another one is new. */
  async function newVersion(version: string | undefined, agent: StoredAgent, scope: TenantScope) {
    if (version === undefined || version === (await whole.shown(scope, agent)).version) return undefined
    return { version, name: '', note: '' }
  }
}

type Target = Readonly<{ agent_id: string; if_match?: string | undefined }>

/** Each change of an agent, answered with what it is then and what a client should know about it. */
const writer =
  (deps: ApiDeps, whole: WholeReader) =>
  async (
    caller: Caller,
    { agent_id, if_match }: Target,
    action: string,
    edit: (agent: StoredAgent, scope: TenantScope) => Promise<AgentEdit>,
  ): Promise<Whole> => {
    const scope = scopeOf(caller)
    const guard = async (agent: StoredAgent) => requireMatch(if_match, (await whole.read(scope, agent)).etag, agent_id)
    const agent = await writeAgent(deps, scope, {
      agent_id,
      action,
      edit: (found) => edit(found, scope),
      ...(if_match !== undefined && { guard }),
    })
    return withWarnings(deps, await whole.read(scope, agent), agent)
  }

async function create(deps: ApiDeps, whole: WholeReader, scope: TenantScope, document: DocumentJson): Promise<Whole> {
  const draft = readable(readWhole(document))
  const agent_id = await newId(deps, scope, draft.patch)
  const { version, patch } = draft
  const agent = await createAgentDocument(deps, scope, {
    agent_id,
    content: newContent(agent_id, patch),
    version,
    ...stateOf(draft),
    action: 'config.create',
  })
  return withWarnings(deps, await whole.read(scope, agent), agent)
}

async function newId(deps: ApiDeps, scope: TenantScope, { agent_id, name }: JsonObject): Promise<AgentId> {
  if (agent_id === undefined && typeof name === 'string' && name.trim() !== '') return freeAgentId(deps.store, scope, name)
  const parsed = AgentId.safeParse(agent_id)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues[0]?.message ?? 'is no id'
  throw refused([{ path: '/agent_id', message: agent_id === undefined ? 'is missing' : message }])
}

async function get(deps: ApiDeps, whole: WholeReader, scope: TenantScope, { agent_id, version }: ParsedInputOf<'config.get'>) {
  const agent = await findAgent(deps.store, scope, agent_id)
  if (version === undefined) return whole.read(scope, agent)
  const found = await deps.store.versions.findWithContent(scope, agent.summary.agent_id, version)
  if (!found) throw noSuchVersion(agent_id, version)
  return whole.readVersion(scope, agent, found, found.content)
}

async function rollback(
  { store }: ApiDeps,
  whole: WholeReader,
  scope: TenantScope,
  agent: StoredAgent,
  asked: string | undefined,
): Promise<AgentEdit> {
  const { agent_id } = agent.summary
  const version =
    asked ?? versionBefore(await store.versions.list(scope, agent_id), (await whole.shown(scope, agent)).version, agent_id)
  const found = await store.versions.findWithContent(scope, agent_id, version)
  if (!found) throw noSuchVersion(agent_id, version)
  return {
    content: found.content,
    note: `Rolled back to ${version}`,
    others: [{ kind: 'label.set', agent_id, label: 'production', version }],
  }
}

const withWarnings = ({ agentTypes }: ApiDeps, whole: Whole, { head }: StoredAgent): Whole => {
  const warnings = warningsOf(head.content, agentTypes())
  return warnings.length === 0 ? whole : { ...whole, document: asDocument({ ...whole.document, warnings }) }
}

const stateOf = ({ enabled, is_default }: WholeDraft) => ({ enabled, is_default })

function readable(draft: WholeDraft): WholeDraft {
  if (draft.problems.length === 0) return draft
  throw refused(draft.problems)
}

const refused = (problems: WholeDraft['problems']): StudioError =>
  new StudioError(
    'invalid_document',
    'The agent is not right.',
    'See the problems for each place and what is expected there.',
    problems,
  )

const noSuchVersion = (agent_id: string, version: string): StudioError =>
  new StudioError('not_found', `"${agent_id}" has no version ${version}.`, 'Its versions stand under /versions.')

function requireAdmin({ role }: Caller): void {
  if (hasRole(role, 'admin')) return
  throw new StudioError(
    'forbidden',
    `Removing an agent for ever needs the role "admin", and the caller is "${role}".`,
    'Disable it instead, or ask an admin.',
  )
}
