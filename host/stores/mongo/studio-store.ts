import type { AgentChange } from '../../../core/store/agents.ts'
import type { ChangeFeed } from '../../../core/store/change-feed.ts'
import type { DirectoryChange } from '../../../core/store/directory.ts'
import type { AuditEntry } from '../../../core/store/audit.ts'
import type { Change, Store } from '../../../core/store/store.ts'
import { agentsAdded, requireRoom } from '../sql/agent-limit.ts'
import { isTold, subjectOf } from '../sql/change-table.ts'
import { commitAgentChange } from './agent-commit.ts'
import { agentReads, versionReads, type Refresh } from './agent-reads.ts'
import { HEADS, keyOf } from './agent-tables.ts'
import { appendAudit, auditReads } from './audit-chain.ts'
import type { Commit } from './committer.ts'
import { COMMIT_KEYS, isDone, keepKey } from './commit-keys.ts'
import { commitDirectoryChange, directoryReads, TENANTS } from './directory-rows.ts'
import type { DirectWrites } from './direct-writes.ts'
import { appendFeed, feedReads } from './feed-rows.ts'
import { ForeignWrite } from './foreign-write.ts'
import { ownMirrorId, type MirrorId } from './mirror-document.ts'
import { commitRelease, commitSecret, commitWebhook, releaseReads, secretReads, webhookReads } from './release-rows.ts'
import {
  commitConnectionChange,
  commitProviderChange,
  commitSettings,
  commitWeights,
  connectionReads,
  providerReads,
  routingReads,
  settingReads,
} from './setting-rows.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Write } from './write.ts'

type Parts = Readonly<{
  rows: TenantRows
  direct: DirectWrites
  commit: Commit
  clock: () => number
  watch: ChangeFeed['watch']
  /** Takes in what somebody else has written to this document. */
  adopt: (mirror_id: MirrorId) => Promise<unknown>
  refresh: Refresh
}>

/** How often a commit begins again because somebody else writes to the same documents meanwhile. */
const TRIES = 3

export function createStudioStore({ rows, direct, commit, clock, watch, adopt, refresh }: Parts): Store {
  return {
    agents: agentReads(rows, refresh),
    versions: versionReads(rows),
    settings: settingReads(rows),
    providers: providerReads(rows),
    connections: connectionReads(rows),
    routing: routingReads(rows),
    directory: directoryReads(rows),
    secrets: secretReads(rows),
    releases: releaseReads(rows),
    webhooks: webhookReads(rows),
    audit: auditReads(rows),
    feed: { ...feedReads(rows, direct), watch },
    commit: async (scope, changes, audit, once) => {
      for (let tries = 1; ; tries += 1) {
        try {
          await commit((unit) => applyAll({ unit, scope, at: clock() }, { changes, audit, once }))
          return
        } catch (cause) {
          if (!(cause instanceof ForeignWrite) || tries === TRIES) throw cause
          await adopt(cause.mirror_id)
        }
      }
    },
  }
}

type Asked = Readonly<{ changes: readonly Change[]; audit: AuditEntry | null; once: string | undefined }>

async function applyAll(write: Write, { changes, audit, once }: Asked): Promise<void> {
  const { unit, scope } = write
  if (once !== undefined && (await isDone(unit, COMMIT_KEYS, scope.tenant_id, once))) return
  await prefetch(write, changes)
  for (const change of changes) {
    await applyChange(write, change)
    if (isTold(change)) await appendFeed(write, { kind: change.kind, subject: subjectOf(change) })
  }
  await requireRoomForAgents(write, agentsAdded(changes))
  if (audit) await appendAudit(write, audit)
  if (once !== undefined) keepKey(unit, COMMIT_KEYS, scope.tenant_id, once)
}

async function requireRoomForAgents({ unit, scope: { tenant_id } }: Write, added: number): Promise<void> {
  if (added === 0) return
  const count = () => unit.count(HEADS, tenant_id, { deleted: false }, ({ deleted }) => !deleted)
  await requireRoom(await unit.find(TENANTS, tenant_id, [tenant_id]), added, count)
}

/** Everything that a long commit asks for by name is read at once. */
async function prefetch({ unit, scope }: Write, changes: readonly Change[]): Promise<void> {
  if (changes.length < 3) return
  const agents = [
    ...new Set(changes.flatMap((change) => ('agent_id' in change && change.agent_id !== null ? [change.agent_id] : []))),
  ]
  await unit.prefetch(
    HEADS,
    scope.tenant_id,
    agents.map((agent_id) => [keyOf(agent_id)]),
  )
  const created = changes.flatMap((change) =>
    change.kind === 'agent.create' || change.kind === 'agent.import' ? [change.agent_id] : [],
  )
  const heads = await Promise.all(agents.map((agent_id) => unit.find(HEADS, scope.tenant_id, [keyOf(agent_id)])))
  await unit.prefetchMirrors([
    ...heads.flatMap((head) => head?.mirror_id ?? []),
    ...created.map((agent_id) => ownMirrorId(scope.tenant_id, agent_id)),
  ])
  await unit.prefetchUnmarked(created)
}

const isDirectoryChange = (change: Change): change is DirectoryChange => /^(tenant|user|key|keeper)\./.test(change.kind)
const isAgentChange = (change: Change): change is AgentChange => /^(agent|working_copy|version|label)\./.test(change.kind)

async function applyChange(write: Write, change: Change): Promise<void> {
  if (isAgentChange(change)) return commitAgentChange(write, change)
  if (isDirectoryChange(change)) return commitDirectoryChange(write, change)
  switch (change.kind) {
    case 'setting.set':
      return commitSettings(write, change)
    case 'price.set':
    case 'check.keep':
      return commitProviderChange(write, change)
    case 'connection.save':
    case 'connection.delete':
      return commitConnectionChange(write, change)
    case 'route.weights':
      return commitWeights(write, change)
    case 'release.save':
      return commitRelease(write, change)
    case 'secret.keep':
    case 'secret.forget':
      return commitSecret(write, change)
    case 'webhook.save':
    case 'webhook.remove':
      return commitWebhook(write, change)
  }
}
