import { contentHash } from '../../../core/agent/content-hash.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { AgentChange, ImportedVersion } from '../../../core/store/agents.ts'
import { findHead, insertAgents, moveHead, setAgentState } from './agent-table.ts'
import { headMoved, idTaken, versionDiffers } from './agent-conflict.ts'
import { findRevisionByHash, insertRevisions } from './revision-table.ts'
import { findVersion, insertVersion, listVersions } from './version-table.ts'
import type { Write } from './write.ts'

type Import = Extract<AgentChange, { kind: 'agent.import' }>
/** Where the agent's revisions stand while the import adds to them. */
type Top = Readonly<{ revision: number; content_hash: string }>

/** Every version becomes a revision and a version with its author and time; then `content` is head, with a new revision only if it differs. */
export async function importAgent(write: Write, change: Import): Promise<void> {
  const { db, scope, at } = write
  const before = await findHead(db, scope.tenant_id, change.agent_id)
  if (before?.deleted || (before && change.based_on === 0)) throw idTaken(change.agent_id)
  if ((before?.revision ?? 0) !== change.based_on) throw headMoved(change.agent_id, change.based_on, before?.revision ?? 0)
  const agent_id = before?.agent_id ?? change.agent_id

  let top: Top = { revision: before?.revision ?? 0, content_hash: before?.content_hash ?? '' }
  for (const version of oldestFirst(change.versions)) top = await importVersion(write, agent_id, version, top)
  const head = await addRevision(write, agent_id, change.content, top, {
    author: scope.user_id,
    note: change.note,
    created_at: at,
  })

  const agent = { agent_id, content: change.content, ...head, at }
  if (!before) await insertAgents(db, scope.tenant_id, [{ ...agent, id: change.id }])
  else await moveHead(db, scope.tenant_id, { ...agent, based_on: change.based_on })
  const newest = (await listVersions(db, scope.tenant_id, agent_id))[0]
  if (newest)
    await setAgentState(db, scope.tenant_id, agent_id, { version: newest.version, version_hash: newest.content_hash }, at)
}

const oldestFirst = (versions: readonly ImportedVersion[]) => [...versions].sort((a, b) => a.created_at - b.created_at)

/** Skips a version that is there with the same content. */
async function importVersion(write: Write, agent_id: string, imported: ImportedVersion, top: Top): Promise<Top> {
  const { db, scope } = write
  const { content, version, name, note, author, created_at } = imported
  const content_hash = contentHash(content)
  const present = await findVersion(db, scope.tenant_id, agent_id, version)
  if (present?.content_hash === content_hash) return top
  if (present) throw versionDiffers(agent_id, version)
  const existing = await findRevisionByHash(db, scope.tenant_id, agent_id, content_hash)
  const next = existing === undefined ? await addRevision(write, agent_id, content, top, { author, note, created_at }) : top
  const revision = existing ?? next.revision
  await insertVersion(db, scope.tenant_id, { agent_id, version, revision, name, note, content_hash, author, created_at })
  return next
}

type Origin = Readonly<{ author: string; note: string; created_at: number }>

async function addRevision(write: Write, agent_id: string, content: DocumentJson, top: Top, origin: Origin): Promise<Top> {
  const content_hash = contentHash(content)
  if (top.content_hash === content_hash) return top
  const revision = top.revision + 1
  await insertRevisions(write.db, write.scope.tenant_id, [{ agent_id, revision, content, content_hash, ...origin }])
  return { revision, content_hash }
}
