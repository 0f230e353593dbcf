import { contentHash } from '../../../core/agent/content-hash.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { AgentChange, ImportedVersion } from '../../../core/store/agents.ts'
import { headMoved, idTaken, versionDiffers } from '../sql/agent-conflict.ts'
import { findHead, newHead } from './agent-head.ts'
import { REVISIONS, VERSIONS, type HeadRow } from './agent-tables.ts'
import { newestVersion } from './agent-reads.ts'
import { headColumns } from './head-columns.ts'
import { keepHead, requireFree } from './keep-head.ts'
import type { Write } from './write.ts'

type Import = Extract<AgentChange, { kind: 'agent.import' }>
/** Where the agent's revisions stand while the import adds to them. */
type Top = Readonly<{ revision: number; content_hash: string; author: string }>

/** Every version becomes a revision and a version with its author and time; then `content` is head, with a new revision only if it differs. */
export async function importAgent(write: Write, change: Import): Promise<void> {
  const { scope, at, unit } = write
  const before = await findHead(write, change.agent_id)
  if (before?.deleted || (before && change.based_on === 0)) throw idTaken(change.agent_id)
  if ((before?.revision ?? 0) !== change.based_on) throw headMoved(change.agent_id, change.based_on, before?.revision ?? 0)
  if (!before) await requireFree(write, change.agent_id)
  const base = before ?? newHead(write, change)

  let top: Top = before ?? { revision: 0, content_hash: '', author: scope.user_id }
  for (const version of oldestFirst(change.versions)) top = await importVersion(write, base, version, top)
  const { revision, content_hash, author } = addRevision(write, base, change.content, top, {
    author: scope.user_id,
    note: change.note,
    created_at: at,
  })
  const isIts = (row: { agent_id: string }): boolean => row.agent_id === base.agent_id
  const newest = newestVersion(await unit.query(VERSIONS, scope.tenant_id, { agent_id: base.agent_id }, isIts))
  const head = {
    ...{ ...base, ...headColumns(base.agent_id, change.content), revision, content_hash, author },
    ...(newest && { version: newest.version, version_hash: newest.content_hash }),
  }
  await keepHead(write, head, change.content)
}

const oldestFirst = (versions: readonly ImportedVersion[]) => [...versions].sort((a, b) => a.created_at - b.created_at)

/** Skips a version that is there with the same content. */
async function importVersion(write: Write, of: HeadRow, imported: ImportedVersion, top: Top): Promise<Top> {
  const { unit, scope } = write
  const { content, version, name, note, author, created_at } = imported
  const { agent_id, key } = of
  const content_hash = contentHash(content)
  const present = await unit.find(VERSIONS, scope.tenant_id, [key, version])
  if (present?.content_hash === content_hash) return top
  if (present) throw versionDiffers(agent_id, version)
  const same = { agent_id, content_hash }
  const [existing] = await unit.query(
    REVISIONS,
    scope.tenant_id,
    same,
    (row) => row.agent_id === agent_id && row.content_hash === content_hash,
  )
  const next = existing ? top : addRevision(write, of, content, top, { author, note, created_at })
  const revision = existing?.revision ?? next.revision
  unit.put(VERSIONS, scope.tenant_id, { agent_id, version, revision, name, note, content_hash, author, created_at })
  return next
}

type Origin = Readonly<{ author: string; note: string; created_at: number }>

function addRevision(write: Write, { agent_id }: HeadRow, content: DocumentJson, top: Top, origin: Origin): Top {
  const content_hash = contentHash(content)
  if (top.content_hash === content_hash) return top
  const revision = top.revision + 1
  write.unit.put(REVISIONS, write.scope.tenant_id, { agent_id, revision, content, content_hash, ...origin })
  return { revision, content_hash, author: origin.author }
}
