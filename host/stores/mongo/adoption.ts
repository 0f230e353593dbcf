/*
 * Threat model: whoever can write to the database can write any document. What it says is checked like anything that comes in; keys in
 * plain text are refused and not repeated, and a document is never given to another tenant than the one that it belongs to already.
 */
import { v7 } from 'uuid'
import { fromForeign, type ForeignAgent } from '../../../core/agent/from-foreign.ts'
import { parseAgent } from '../../../core/agent/parse-agent.ts'
import { findSecrets, withoutSecrets } from '../../../core/agent/secret-scan.ts'
import { DEFAULT_TENANT } from '../../../core/contract/caller.ts'
import { DocumentJson } from '../../../core/contract/agents.ts'
import { toPointer, type Problem } from '../../../core/contract/errors.ts'
import { TenantId, UserId } from '../../../core/contract/ids.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { addRevision, takeDefault } from './agent-commit.ts'
import { findHead, newHead } from './agent-head.ts'
import { FOREIGN, HEADS, REVISIONS, VERSIONS, type HeadRow } from './agent-tables.ts'
import { appendAudit } from './audit-chain.ts'
import type { Commit } from './committer.ts'
import { TENANTS } from './directory-rows.ts'
import { appendFeed } from './feed-rows.ts'
import { isRefused, settleRefused } from './keep-head.ts'
import { isOwn, mirrorHash, saidBy, stamped, stampOf, type MirrorDocument, type MirrorId } from './mirror-document.ts'
import { SERVER } from './table.ts'
import type { Unit } from './unit.ts'
import type { Write } from './write.ts'

const EXTERNAL = UserId.parse('external')
const NOTE = 'Written into the database by another program'

export type Adopted = 'unchanged' | 'adopted' | 'refused' | 'deleted'

/** Takes in one document as it is now: a revision by `external`, which workers serve; or a note of why it cannot be served. */
export const adoptDocument = (commit: Commit, clock: () => number, id: MirrorId): Promise<Adopted> =>
  commit(async (unit) => {
    const document = await unit.mirror(id)
    if (!document) return 'unchanged'
    if (isOwn(document) || (await isRefused({ unit }, id, document))) return 'unchanged'
    const scope = { tenant_id: await tenantOf(unit, document), user_id: EXTERNAL }
    return adopt({ unit, scope, at: clock() }, id, document)
  })

/** The mark that we put on it says whose it is; one that has none belongs to the tenant that it names, if there is one, or to the server's own. */
async function tenantOf(unit: Unit, document: MirrorDocument): Promise<TenantId> {
  const stamp = stampOf(document)
  if (stamp) return TenantId.parse(stamp.tenant_id)
  const config = saidBy(document)['tenant_config']
  const named = isJsonObject(config) ? TenantId.safeParse(config['tenant_id']).data : undefined
  return named !== undefined && (await unit.find(TENANTS, named, [named])) ? named : DEFAULT_TENANT
}

async function adopt(write: Write, id: MirrorId, document: MirrorDocument): Promise<Adopted> {
  const said = saidBy(document)
  const before = await earlier(write, said)
  const { content: meant, state, keys, problems: unclear } = fromForeign(said, before)
  const content = DocumentJson.parse(meant)
  const agent_id = typeof content['agent_id'] === 'string' ? content['agent_id'] : ''
  const head = await findHead(write, agent_id)
  const parsed = parseAgent(content)
  const problems = [
    ...unclear,
    ...keys.map(({ path }) => ({
      path: toPointer(path),
      message: 'is a key in plain text; put it into the secret store and refer to it',
    })),
    ...(parsed.ok ? [] : parsed.problems),
    ...findSecrets(content).map(({ path, message }) => ({ path, message })),
    ...((await otherDocument(write, id, head)) ?? []),
    ...(renamed(document, agent_id) ?? []),
  ]
  if (problems.length > 0) return refuse(write, id, document, agent_id, problems)
  const now = await takeIn(write, { id, agent_id, content, state, head })
  write.unit.put(HEADS, write.scope.tenant_id, now)
  write.unit.writeMirror({ id, document: stamped(write.scope.tenant_id, now, document) })
  await settleRefused(write, id)
  await tell(write, head ? (now.revision === head.revision ? 'agent.state' : 'agent.revise') : 'agent.create', now)
  return 'adopted'
}

/** What the agent was before, for fields that are only named. */
async function earlier(write: Write, said: JsonObject): Promise<DocumentJson | undefined> {
  const name = said['agent_id'] ?? said['name']
  const head = typeof name === 'string' ? await findHead(write, name) : undefined
  return head && (await write.unit.find(REVISIONS, write.scope.tenant_id, [head.key, head.revision]))?.content
}

type Found = Pick<ForeignAgent, 'state'> &
  Readonly<{ id: MirrorId; agent_id: string; content: DocumentJson; head: HeadRow | undefined }>

/** What others write is at work at once, as they are used to. */
async function takeIn(write: Write, { id, agent_id, content, state, head }: Found): Promise<HeadRow> {
  const fresh = newHead(write, { id: head?.id ?? v7(), agent_id, content })
  const base = head ?? { ...fresh, revision: 0, content_hash: '' }
  if (state.is_default) await takeDefault(write, base.key)
  const asked: HeadRow = {
    ...{ ...base, mirror_id: id, deleted: false, deleted_at: undefined, served_revision: undefined, updated_at: write.at },
    ...{ enabled: state.enabled ?? base.enabled, is_default: state.is_default ?? base.is_default },
  }
  const now = fresh.content_hash === base.content_hash ? asked : addRevision(write, asked, content, NOTE)
  return state.version === undefined ? now : withVersion(write, now, state.version)
}

/** A version that is there already never changes; the document has moved on since then. */
async function withVersion({ unit, scope, at }: Write, head: HeadRow, version: string): Promise<HeadRow> {
  if (await unit.find(VERSIONS, scope.tenant_id, [head.key, version])) return head
  const { agent_id, revision, content_hash } = head
  const made = { agent_id, version, revision, name: '', note: NOTE, content_hash, author: scope.user_id, created_at: at }
  unit.put(VERSIONS, scope.tenant_id, made)
  return { ...head, version, version_hash: content_hash }
}

/** Of two documents with the same name only one can be the agent: the one that is it already. */
async function otherDocument({ unit }: Write, id: MirrorId, head: HeadRow | undefined): Promise<Problem[] | undefined> {
  if (!head || head.mirror_id === id || !(await unit.mirror(head.mirror_id))) return undefined
  return [{ path: '/agent_id', message: `another document is the agent "${head.agent_id}"` }]
}

function renamed(document: MirrorDocument, agent_id: string): Problem[] | undefined {
  const before = stampOf(document)?.agent_id
  if (before === undefined || before.toLowerCase() === agent_id.toLowerCase()) return undefined
  return [{ path: '/agent_id', message: `must be "${before}"; an agent keeps its id` }]
}

function refuse(
  { unit, at }: Write,
  id: MirrorId,
  document: MirrorDocument,
  agent_id: string,
  problems: readonly Problem[],
): Adopted {
  const kept = {
    mirror_id: id,
    agent_id,
    hash: mirrorHash(document),
    document: DocumentJson.parse(withoutSecrets(saidBy(document))),
  }
  unit.put(FOREIGN, SERVER, { ...kept, problems: problems.slice(0, 20), settled: false, at })
  return 'refused'
}

/** A document that somebody removed: its agent is deleted, and can be brought back for 30 days. */
/** A document that somebody else removed, unless it is there again: its agent is deleted, and can be brought back. */
export const adoptRemoval = (commit: Commit, clock: () => number, id: MirrorId): Promise<Adopted> =>
  commit(async (unit) => ((await unit.mirror(id)) ? 'unchanged' : adoptDeletion(unit, id, clock())))

async function adoptDeletion(unit: Unit, id: MirrorId, at: number): Promise<Adopted> {
  await settleRefused({ unit }, id)
  const gone = (await unit.reads.rows.everywhere(HEADS, { mirror_id: id, deleted: false }))[0]
  if (!gone) return 'unchanged'
  const scope = { tenant_id: TenantId.parse(gone.tenant_id), user_id: EXTERNAL }
  const head = await unit.find(HEADS, gone.tenant_id, [gone.row.key])
  if (!head || head.deleted) return 'unchanged'
  const now = { ...head, deleted: true, deleted_at: at, is_default: false, updated_at: at }
  unit.put(HEADS, gone.tenant_id, now)
  await tell({ unit, scope, at }, 'agent.delete', now)
  return 'deleted'
}

async function tell(
  write: Write,
  kind: 'agent.create' | 'agent.revise' | 'agent.state' | 'agent.delete',
  head: HeadRow,
): Promise<void> {
  const { agent_id, revision } = head
  await appendAudit(write, { action: kind, subject: agent_id, detail: { revision } })
  await appendFeed(write, { kind, subject: agent_id })
}
