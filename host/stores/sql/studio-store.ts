import type { AuditEntry } from '../../../core/store/audit.ts'
import type { DirectoryChange } from '../../../core/store/directory.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change, Store } from '../../../core/store/store.ts'
import { agentsAdded, requireRoom } from './agent-limit.ts'
import { countAgents } from './agent-list.ts'
import { commitAgentChange, createAgents } from './agent-commit.ts'
import { agentReads } from './agent-reads.ts'
import { appendAudit, findAuditBreak, listAudit } from './audit-table.ts'
import { createKeyPruning, isFirst } from './commit-keys.ts'
import { appendFeed, feedSince, isTold, pruneFeed, readFeed } from './change-table.ts'
import { configurationReads } from './configuration-reads.ts'
import { commitConnectionChange } from './connection-table.ts'
import type { Dialect } from './dialect.ts'
import {
  commitDirectoryChange,
  findKeyByHash,
  findTenant,
  findUser,
  listKeys,
  listTenants,
  listUsers,
} from './directory-table.ts'
import { commitProviderChange } from './provider-table.ts'
import { saveRelease } from './release-table.ts'
import { setWeights } from './routing-table.ts'
import type { Runner } from './runner.ts'
import { commitSecretChange } from './secret-table.ts'
import { setSettings } from './setting-table.ts'
import type { Signal } from './signal.ts'
import type { StudioSchema } from './studio-schema.ts'
import { commitWebhookChange } from './webhook-table.ts'
import type { Write } from './write.ts'

/** What the tables of agents and configuration are kept with. `signal`: something was committed, here or elsewhere. */
export type StudioStoreDeps = Readonly<{
  runner: Runner<StudioSchema>
  dialect: Dialect
  signal: Signal
  /** ms since the epoch. */
  clock: () => number
}>

/** The store's ports on the tables of `StudioSchema`. */
export function createStudioStore(deps: StudioStoreDeps): Store {
  const { runner, signal } = deps
  const { readAcross } = runner
  const pruneKeys = createKeyPruning((before) =>
    runner.writeAcross([], (db) => db.deleteFrom('commit_key').where('at', '<', before).execute()),
  )
  return {
    ...agentReads(deps),
    ...configurationReads(deps),
    directory: {
      tenant: (tenant_id) => readAcross((db) => findTenant(db, tenant_id)),
      keyByHash: (hash) => readAcross((db) => findKeyByHash(db, hash)),
      tenants: (page) => readAcross((db) => listTenants(db, page)),
      user: ({ tenant_id }, user_id) => runner.read(tenant_id, (db) => findUser(db, tenant_id, user_id)),
      users: ({ tenant_id }, page) => runner.read(tenant_id, (db) => listUsers(db, tenant_id, page)),
      keys: ({ tenant_id }, page) => runner.read(tenant_id, (db) => listKeys(db, tenant_id, page)),
    },
    audit: {
      list: ({ tenant_id }, after, limit) => runner.read(tenant_id, (db) => listAudit(db, tenant_id, after, limit)),
      findBreak: ({ tenant_id }) => runner.read(tenant_id, (db) => findAuditBreak(db, tenant_id)),
    },
    feed: {
      since: ({ tenant_id }, token, limit) => runner.read(tenant_id, (db) => feedSince(db, tenant_id, token, limit)),
      sinceAll: (token, limit) => readAcross((db) => readFeed(db, token, limit)),
      watch: signal.watch,
      prune: (before) => runner.writeAcross(['prune the feed'], (db) => pruneFeed(db, before)),
    },
    commit: async (scope, changes, audit, once) => {
      if (once !== undefined) await pruneKeys(deps.clock())
      await commit(deps, scope, { changes, audit, once })
    },
  }
}

type Commit = Readonly<{ changes: readonly Change[]; audit: AuditEntry | null; once: string | undefined }>

/** Commits of a tenant happen one after the other: each finds what the one before it left, and the audit is one chain. */
async function commit(
  { runner, dialect, signal, clock }: StudioStoreDeps,
  scope: TenantScope,
  { changes, audit, once }: Commit,
): Promise<void> {
  const told = changes.filter(isTold)
  await runner.write(scope.tenant_id, [`commit ${scope.tenant_id}`], async (db) => {
    const write: Write = { db, scope, at: clock() }
    if (once !== undefined && !(await isFirst(db, scope.tenant_id, once, write.at))) return
    for (const run of runsOf(changes)) await applyRun(write, run)
    await requireRoomForAgents(write, agentsAdded(changes))
    if (audit) await appendAudit(write, audit)
    if (told.length === 0) return
    await dialect.enterFeed(db)
    await appendFeed(write, told)
  })
  if (told.length > 0) signal.tell()
}

/** The tenant's limit and what it has are read by the one commit of it that is under way. */
async function requireRoomForAgents({ db, scope: { tenant_id } }: Write, added: number): Promise<void> {
  if (added > 0) await requireRoom(await findTenant(db, tenant_id), added, () => countAgents(db, tenant_id))
}

const isDirectoryChange = (change: Change): change is DirectoryChange => /^(tenant|user|key|keeper)\./.test(change.kind)

/** How many agents are made in one statement. */
const AT_ONCE = 200

type Run = Readonly<{ creates: AgentCreate[] }> | Readonly<{ change: Change }>
type AgentCreate = Extract<Change, { kind: 'agent.create' }>

/** In their order; agents that are made one after the other are made together. */
function runsOf(changes: readonly Change[]): readonly Run[] {
  const runs: Run[] = []
  for (const change of changes) {
    const last = runs.at(-1)
    if (change.kind !== 'agent.create') runs.push({ change })
    else if (last && 'creates' in last && last.creates.length < AT_ONCE) last.creates.push(change)
    else runs.push({ creates: [change] })
  }
  return runs
}

const applyRun = (write: Write, run: Run): Promise<void> =>
  'creates' in run ? createAgents(write, run.creates) : applyChange(write, run.change)

async function applyChange(write: Write, change: Change): Promise<void> {
  if (change.kind === 'setting.set') await setSettings(write.db, write.scope.tenant_id, change.values)
  else if (change.kind === 'price.set' || change.kind === 'check.keep') await commitProviderChange(write, change)
  else if (change.kind === 'connection.save' || change.kind === 'connection.delete') await commitConnectionChange(write, change)
  else if (change.kind === 'route.weights') await setWeights(write, change)
  else if (change.kind === 'release.save') await saveRelease(write, change)
  else if (change.kind === 'secret.keep' || change.kind === 'secret.forget') await commitSecretChange(write, change)
  else if (change.kind === 'webhook.save' || change.kind === 'webhook.remove') await commitWebhookChange(write, change)
  else if (isDirectoryChange(change)) await commitDirectoryChange(write, change)
  else await commitAgentChange(write, change)
}
