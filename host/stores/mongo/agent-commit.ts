import { contentHash } from '../../../core/agent/content-hash.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { AgentChange } from '../../../core/store/agents.ts'
import { alreadyEdited, headMoved, idTaken, noVersion, versionTaken } from '../sql/agent-conflict.ts'
import { findHead, newHead, requireHead } from './agent-head.ts'
import { COPIES, HEADS, REVISIONS, VERSIONS, type HeadRow } from './agent-tables.ts'
import { forgetDefault } from './directory-rows.ts'
import { headColumns } from './head-columns.ts'
import { importAgent } from './import-commit.ts'
import { keepHead, removeMirror, requireFree, writeMirror } from './keep-head.ts'
import type { Write } from './write.ts'

type Change<Kind extends AgentChange['kind']> = Extract<AgentChange, { kind: Kind }>

/** One change inside a commit; throws `conflict` or `not_found`, which undoes the whole commit. */
export async function commitAgentChange(write: Write, change: AgentChange): Promise<void> {
  switch (change.kind) {
    case 'agent.create':
      return createAgent(write, change)
    case 'agent.import':
      return importAgent(write, change)
    case 'agent.revise':
      return reviseAgent(write, change)
    case 'agent.serve_head':
      return keepHead(write, { ...(await requireHead(write, change.agent_id)), served_revision: undefined })
    case 'working_copy.write':
      return writeCopy(write, change)
    case 'working_copy.drop':
      return dropCopy(write, change)
    case 'version.publish':
      return publishVersion(write, change)
    case 'label.set':
      return moveLabel(write, change)
    case 'agent.state':
      return changeState(write, change)
    case 'agent.delete':
      return deleteAgent(write, change.agent_id)
    case 'agent.undelete':
      return undeleteAgent(write, change.agent_id)
    case 'agent.purge':
      return purgeAgent(write, change.agent_id)
  }
}

async function createAgent(write: Write, change: Change<'agent.create'>): Promise<void> {
  if (await findHead(write, change.agent_id)) throw idTaken(change.agent_id)
  await requireFree(write, change.agent_id)
  const { content, note } = change
  const head = newHead(write, change)
  const { agent_id, content_hash, author } = head
  write.unit.put(REVISIONS, write.scope.tenant_id, {
    agent_id,
    revision: 1,
    content,
    content_hash,
    author,
    note,
    created_at: write.at,
  })
  await keepHead(write, head, content)
}

async function reviseAgent(write: Write, { agent_id, content, based_on, note }: Change<'agent.revise'>): Promise<void> {
  const head = await requireHead(write, agent_id)
  if (head.revision !== based_on) throw headMoved(head.agent_id, based_on, head.revision)
  await keepHead(write, addRevision(write, head, content, note), content)
}

/** Revision n+1, and what is known of the agent with it as head. */
export function addRevision(write: Write, head: HeadRow, content: DocumentJson, note: string): HeadRow {
  const { scope, unit, at } = write
  const next = { revision: head.revision + 1, content_hash: contentHash(content), author: scope.user_id }
  unit.put(REVISIONS, scope.tenant_id, {
    ...{ agent_id: head.agent_id, revision: next.revision, content_hash: next.content_hash, author: next.author },
    ...{ content, note, created_at: at },
  })
  return { ...head, ...headColumns(head.agent_id, content), ...next }
}

async function writeCopy(write: Write, change: Change<'working_copy.write'>): Promise<void> {
  const { unit, scope, at } = write
  const head = await requireHead(write, change.agent_id)
  const { agent_id } = head
  const before = await unit.find(COPIES, scope.tenant_id, [head.key])
  if ((before?.edit ?? 0) !== change.edit) throw alreadyEdited(agent_id)
  if (change.based_on > head.revision) throw headMoved(agent_id, change.based_on, head.revision)
  const { content, based_on, client_id } = change
  // Numbers are never used again, so that a window cannot mistake a later working copy for the one it knew.
  const edit = head.edit_count + 1
  unit.put(HEADS, scope.tenant_id, { ...head, edit_count: edit, unsaved: true })
  unit.put(COPIES, scope.tenant_id, { agent_id, content, based_on, edit, client_id, at })
}

async function dropCopy(write: Write, { agent_id, edit }: Change<'working_copy.drop'>): Promise<void> {
  const { unit, scope } = write
  const head = await findHead(write, agent_id)
  if (!head?.unsaved) return
  const copy = await unit.find(COPIES, scope.tenant_id, [head.key])
  if (edit !== undefined && copy?.edit !== edit) return
  unit.remove(COPIES, scope.tenant_id, [head.key])
  unit.put(HEADS, scope.tenant_id, { ...head, unsaved: false })
}

async function publishVersion(write: Write, change: Change<'version.publish'>): Promise<void> {
  const { unit, scope, at } = write
  const { version, name, note } = change
  const head = await requireHead(write, change.agent_id)
  const { agent_id, revision, content_hash } = head
  if (revision !== change.revision) throw headMoved(agent_id, change.revision, revision)
  if (await unit.find(VERSIONS, scope.tenant_id, [head.key, version])) throw versionTaken(agent_id, version)
  unit.put(VERSIONS, scope.tenant_id, {
    ...{ agent_id, version, revision, name, note, content_hash },
    ...{ author: scope.user_id, created_at: at },
  })
  await keepHead(write, { ...head, version, version_hash: content_hash })
}

async function moveLabel(write: Write, { agent_id, label, version }: Change<'label.set'>): Promise<void> {
  const { unit, scope } = write
  const head = await requireHead(write, agent_id)
  const target = version === null ? undefined : await unit.find(VERSIONS, scope.tenant_id, [head.key, version])
  if (version !== null && !target) throw noVersion(head.agent_id, version)
  const { [label]: _, ...others } = head.labels
  const labels = version === null ? others : { ...others, [label]: version }
  const served = label === 'production' ? { served_revision: target?.revision } : {}
  await keepHead(write, { ...head, labels, ...served })
}

async function changeState(write: Write, { agent_id, enabled, is_default }: Change<'agent.state'>): Promise<void> {
  const head = await requireHead(write, agent_id)
  if (is_default) await takeDefault(write, head.key)
  await keepHead(write, {
    ...head,
    ...(enabled !== undefined && { enabled }),
    ...(is_default !== undefined && { is_default }),
  })
}

/** From the one that was the tenant's default before. */
export async function takeDefault(write: Write, except: string): Promise<void> {
  const { unit, scope } = write
  for (const before of await unit.query(HEADS, scope.tenant_id, { is_default: true }, ({ is_default }) => is_default)) {
    if (before.key === except) continue
    const plain = { ...before, is_default: false }
    unit.put(HEADS, scope.tenant_id, plain)
    await writeMirror(write, plain)
  }
}

async function deleteAgent(write: Write, agent_id: string): Promise<void> {
  const head = await findHead(write, agent_id)
  if (!head) return
  await keepHead(write, { ...head, deleted: true, deleted_at: write.at, is_default: false })
  await forgetDefault(write, head.agent_id)
}

async function undeleteAgent(write: Write, agent_id: string): Promise<void> {
  const head = await findHead(write, agent_id)
  if (head) await keepHead(write, { ...head, deleted: false, deleted_at: undefined })
}

/** For ever: the agent and everything that belongs to it. */
async function purgeAgent(write: Write, agent_id: string): Promise<void> {
  const { unit, scope } = write
  const head = await findHead(write, agent_id)
  if (!head) return
  const { tenant_id } = scope
  const of = { agent_id: head.agent_id }
  const isIts = (row: { agent_id: string }): boolean => row.agent_id === head.agent_id
  for (const { revision } of await unit.query(REVISIONS, tenant_id, of, isIts))
    unit.remove(REVISIONS, tenant_id, [head.key, revision])
  for (const { version } of await unit.query(VERSIONS, tenant_id, of, isIts))
    unit.remove(VERSIONS, tenant_id, [head.key, version])
  unit.remove(COPIES, tenant_id, [head.key])
  unit.remove(HEADS, tenant_id, [head.key])
  removeMirror(write, head)
  await forgetDefault(write, head.agent_id)
}
