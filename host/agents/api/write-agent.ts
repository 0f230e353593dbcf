import { isDeepStrictEqual } from 'node:util'
import { agentContent } from '../../../core/agent/agent-content.ts'
import { contentHash } from '../../../core/agent/content-hash.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change } from '../../../core/store/store.ts'
import { contentFor, isNewerFormat, newerFormat, requireValid } from '../document-state.ts'
import type { ApiDeps } from './api-deps.ts'
import { asDocument } from './as-document.ts'
import { changedElsewhere } from './etag.ts'
import { findAgent } from './find-agent.ts'

/** What a request makes of the agent as it stands. */
export type AgentEdit = Readonly<{
  /** Absent: the content stays. */
  content?: JsonObject | undefined
  /** False: what is served stays as it is. */
  serve?: boolean
  enabled?: boolean | undefined
  is_default?: boolean | undefined
  /** A new one publishes what is written; the one that is shown keeps its number. */
  version?: Readonly<{ version: string; name: string; note: string }> | undefined
  note: string
  /** Committed with it. */
  others?: readonly Change[]
}>

type Writing = Readonly<{
  agent_id: string
  /** The audit's word for it. */
  action: string
  /** Throws where the agent is not what the request was based on; then a change in between is that, too. */
  guard?: ((agent: StoredAgent) => Promise<void>) | undefined
  edit: (agent: StoredAgent) => Promise<AgentEdit>
}>

/** Tries that a request without If-Match has when others write the same agent at the same time. */
const TRIES = 8

/**
 * Changes an agent for a client of the API: what it wrote is a revision, and what workers serve from now on, in one commit. Without a guard
 * it is made anew on whatever another client wrote in between: parts that nobody else touched never conflict.
 */
export async function writeAgent(deps: ApiDeps, scope: TenantScope, writing: Writing): Promise<StoredAgent> {
  for (let left = TRIES; ; left -= 1) {
    const agent = await findAgent(deps.store, scope, writing.agent_id)
    await writing.guard?.(agent)
    const edit = await writing.edit(agent)
    const changes = await changesOf(deps, scope, agent, edit)
    if (changes.length === 0) return agent
    try {
      const { agent_id } = agent.summary
      const detail = { revision: agent.head.revision + Number(changes[0]?.kind === 'agent.revise'), ...stateOf(edit) }
      await deps.store.commit(scope, changes, { action: writing.action, subject: agent_id, detail })
      return await announced(deps, scope, agent_id)
    } catch (cause) {
      if (!isConflict(cause)) throw cause
      if (writing.guard) throw changedElsewhere(writing.agent_id)
      if (left === 1) throw cause
    }
  }
}

/** What the agent is now, told to everybody who follows. */
export async function announced({ store, emit }: ApiDeps, scope: TenantScope, agent_id: string): Promise<StoredAgent> {
  const agent = await findAgent(store, scope, agent_id)
  emit({ type: 'agent.changed', agent: agent.summary, tenant_id: scope.tenant_id })
  return agent
}

/** State first needs the revision that it belongs to; `agent.revise` is always the first, if there is one. */
async function changesOf(
  { store }: ApiDeps,
  scope: TenantScope,
  { summary, head }: StoredAgent,
  edit: AgentEdit,
): Promise<readonly Change[]> {
  const { agent_id } = summary
  const content = edit.content && contentOf(agent_id, head.content, edit.content)
  const revise: Change[] =
    content && !isDeepStrictEqual(content, agentContent(head.content))
      ? [{ kind: 'agent.revise', agent_id, content, based_on: head.revision, note: edit.note }]
      : []
  const served: Change[] = []
  if (edit.version) {
    await requireNew(store, scope, agent_id, edit.version.version)
    served.push({ kind: 'version.publish', agent_id, revision: head.revision + revise.length, ...edit.version })
    if (edit.serve === false) await requirePinned(store, scope, agent_id)
    else served.push({ kind: 'label.set', agent_id, label: 'production', version: edit.version.version })
  } else if (revise.length > 0 || (content && !(await isServed(store, scope, agent_id, head.content_hash)))) {
    served.push({ kind: 'agent.serve_head', agent_id })
  }
  const state = stateOf(edit)
  const isNew = Object.entries(state).some(([key, value]) => (key === 'enabled' ? summary.enabled : summary.is_default) !== value)
  return [...revise, ...served, ...(isNew ? [{ kind: 'agent.state' as const, agent_id, ...state }] : []), ...(edit.others ?? [])]
}

function contentOf(agent_id: string, head: DocumentJson, content: JsonObject): DocumentJson {
  if (isNewerFormat(head)) throw newerFormat()
  const own = contentFor(agent_id, asDocument(content))
  requireValid(own)
  return own
}

async function requireNew(store: ApiDeps['store'], scope: TenantScope, agent_id: string, version: string): Promise<void> {
  if (!(await store.versions.find(scope, agent_id, version))) return
  throw new StudioError(
    'conflict',
    `"${agent_id}" has a version ${version} already, and versions never change.`,
    'Choose another number, or roll back to that version.',
    [{ path: '/version', message: `${version} is taken` }],
  )
}

/** After a rollback a version says what head says, under a number of its own; to serve head in its place would only lose that number. */
async function isServed(store: ApiDeps['store'], scope: TenantScope, agent_id: string, content_hash: string): Promise<boolean> {
  const served = await store.agents.served(scope, agent_id)
  return served === undefined || contentHash(served.content) === content_hash
}

/** Where what is served follows head, nothing can be written that is not at work at once. */
async function requirePinned(store: ApiDeps['store'], scope: TenantScope, agent_id: string): Promise<void> {
  if ((await store.agents.served(scope, agent_id))?.version !== undefined) return
  const message = `What "${agent_id}" serves was written since its last version, so that everything written is served at once.`
  throw new StudioError('conflict', message, 'Publish it first; then make the new version with "serve": false.')
}

const stateOf = ({ enabled, is_default }: AgentEdit) => ({
  ...(enabled !== undefined && { enabled }),
  ...(is_default !== undefined && { is_default }),
})

const isConflict = (cause: unknown): boolean => cause instanceof StudioError && cause.code === 'conflict'
