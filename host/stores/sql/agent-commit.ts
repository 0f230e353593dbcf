import { contentHash } from '../../../core/agent/content-hash.ts'
import type { AgentChange } from '../../../core/store/agents.ts'
import { forgetDefault, insertAgents, moveHead, nextEdit, purgeAgent, requireAgent, setAgentState } from './agent-table.ts'
import { alreadyEdited, headMoved, idTaken, noVersion, versionTaken } from './agent-conflict.ts'
import { importAgent } from './import-commit.ts'
import type { Write } from './write.ts'
import { insertRevisions } from './revision-table.ts'
import { findVersion, insertVersion, setLabel } from './version-table.ts'
import { dropWorkingCopy, findEdit, writeWorkingCopy } from './working-copy-table.ts'

type Change<Kind extends AgentChange['kind']> = Extract<AgentChange, { kind: Kind }>

/** One change inside a commit; throws `conflict` or `not_found`, which undoes the whole commit. */
export async function commitAgentChange(write: Write, change: AgentChange): Promise<void> {
  switch (change.kind) {
    case 'agent.create':
      return createAgents(write, [change])
    case 'agent.import':
      return importAgent(write, change)
    case 'agent.revise':
      return reviseAgent(write, change)
    case 'working_copy.write':
      return writeCopy(write, change)
    case 'working_copy.drop':
      return dropCopy(write, change)
    case 'version.publish':
      return publishVersion(write, change)
    case 'label.set':
      return moveLabel(write, change)
    case 'agent.serve_head':
      return serveHead(write, change)
    case 'agent.state':
      return changeState(write, change)
    case 'agent.delete':
      return deleteAgent(write, change)
    case 'agent.undelete':
      return setAgentState(write.db, write.scope.tenant_id, change.agent_id, { deleted_at: null }, write.at)
    case 'agent.purge':
      return purgeAgent(write.db, write.scope.tenant_id, change.agent_id)
  }
}

/** In two statements, as imports bring thousands. */
export async function createAgents(write: Write, changes: readonly Change<'agent.create'>[]): Promise<void> {
  const { db, scope, at } = write
  const agents = changes.map(({ kind: _, note, ...agent }) => {
    return { agent: { ...agent, content_hash: contentHash(agent.content), revision: 1, at }, note }
  })
  const taken = await insertAgents(
    db,
    scope.tenant_id,
    agents.map(({ agent }) => agent),
  )
  if (taken !== undefined) throw idTaken(taken)
  const revisions = agents.map(({ agent: { agent_id, revision, content, content_hash }, note }) => {
    return { agent_id, revision, content, content_hash, author: scope.user_id, note, created_at: at }
  })
  await insertRevisions(db, scope.tenant_id, revisions)
}

async function reviseAgent(write: Write, { agent_id, content, based_on, note }: Change<'agent.revise'>): Promise<void> {
  const { db, scope, at } = write
  const head = await requireAgent(db, scope.tenant_id, agent_id)
  const next = { agent_id: head.agent_id, content, content_hash: contentHash(content), revision: head.revision + 1 }
  if (!(await moveHead(db, scope.tenant_id, { ...next, based_on, at }))) throw headMoved(head.agent_id, based_on, head.revision)
  await insertRevisions(db, scope.tenant_id, [{ ...next, author: scope.user_id, note, created_at: at }])
}

async function writeCopy(write: Write, change: Change<'working_copy.write'>): Promise<void> {
  const { db, scope, at } = write
  const head = await requireAgent(db, scope.tenant_id, change.agent_id)
  const edit = await findEdit(db, scope.tenant_id, head.agent_id)
  if (edit !== change.edit) throw alreadyEdited(head.agent_id)
  if (change.based_on > head.revision) throw headMoved(head.agent_id, change.based_on, head.revision)
  const { content, based_on, client_id } = change
  const next = await nextEdit(db, scope.tenant_id, head.agent_id)
  await writeWorkingCopy(db, scope.tenant_id, head.agent_id, { content, based_on, edit: next, client_id, at })
}

async function dropCopy(write: Write, { agent_id, edit }: Change<'working_copy.drop'>): Promise<void> {
  const { db, scope } = write
  if (edit !== undefined && (await findEdit(db, scope.tenant_id, agent_id)) !== edit) return
  await dropWorkingCopy(db, scope.tenant_id, agent_id)
}

async function publishVersion(write: Write, change: Change<'version.publish'>): Promise<void> {
  const { db, scope, at } = write
  const { version, name, note } = change
  const { agent_id, revision, content_hash } = await requireAgent(db, scope.tenant_id, change.agent_id)
  if (revision !== change.revision) throw headMoved(agent_id, change.revision, revision)
  if (await findVersion(db, scope.tenant_id, agent_id, version)) throw versionTaken(agent_id, version)
  const published = { agent_id, version, revision, name, note, content_hash, author: scope.user_id, created_at: at }
  await insertVersion(db, scope.tenant_id, published)
  await setAgentState(db, scope.tenant_id, agent_id, { version, version_hash: content_hash }, at)
}

async function moveLabel(write: Write, { agent_id, label, version }: Change<'label.set'>): Promise<void> {
  const { db, scope, at } = write
  const head = await requireAgent(db, scope.tenant_id, agent_id)
  const target = version === null ? null : await findVersion(db, scope.tenant_id, head.agent_id, version)
  if (target === undefined) throw noVersion(head.agent_id, String(version))
  await setLabel(db, scope.tenant_id, head.agent_id, label, version)
  const served = label === 'production' ? { served_revision: target?.revision ?? null } : {}
  await setAgentState(db, scope.tenant_id, head.agent_id, served, at)
}

async function serveHead({ db, scope, at }: Write, { agent_id }: Change<'agent.serve_head'>): Promise<void> {
  const head = await requireAgent(db, scope.tenant_id, agent_id)
  await setAgentState(db, scope.tenant_id, head.agent_id, { served_revision: null }, at)
}

async function deleteAgent({ db, scope, at }: Write, { agent_id }: Change<'agent.delete'>): Promise<void> {
  await setAgentState(db, scope.tenant_id, agent_id, { deleted_at: at, is_default: false }, at)
  await forgetDefault(db, scope.tenant_id, agent_id)
}

async function changeState(write: Write, { agent_id, enabled, is_default }: Change<'agent.state'>): Promise<void> {
  const { db, scope, at } = write
  const head = await requireAgent(db, scope.tenant_id, agent_id)
  const state = { ...(enabled !== undefined && { enabled }), ...(is_default !== undefined && { is_default }) }
  await setAgentState(db, scope.tenant_id, head.agent_id, state, at)
}
