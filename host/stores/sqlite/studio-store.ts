import type { Database } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { AgentChange } from '../../../core/store/agents.ts'
import type { Change, Store } from '../../../core/store/store.ts'
import { unwritten } from '../../unwritten.ts'
import { commitAgentChange } from './agent-commit.ts'
import { findSummary, listAgents, listDeletedBefore, takenIds } from './agent-table.ts'
import { appendAudit, findAuditBreak, listAudit } from './audit-table.ts'
import { appendFeed, changeFeed } from './change-table.ts'
import { commitConnectionChange, listConnections } from './connection-table.ts'
import { inTransaction } from './in-transaction.ts'
import { commitProviderChange, listChecks, listPrices } from './provider-table.ts'
import { findRevision, listRevisions } from './revision-table.ts'
import { findWeights, listRoutes, setWeights } from './routing-table.ts'
import { allSettings, setSettings } from './setting-table.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import { findVersion, listVersions, listVersionsWithContent } from './version-table.ts'
import { findWorkingCopy } from './working-copy-table.ts'
import type { Write } from './write.ts'

/** The store's ports on studio.db. `clock` gives ms since the epoch. */
export function createStudioStore(database: Database, clock: () => number): Store {
  const db: StudioDb = new Kysely<StudioSchema>({ dialect: new SqliteDialect({ database }) })
  return {
    agents: {
      findById: unwritten('findById'),
      served: unwritten('served'),
      find: async ({ tenant_id }, agent_id) => findAgent(db, tenant_id, agent_id),
      findSummary: ({ tenant_id }, agent_id) => findSummary(db, tenant_id, agent_id),
      list: ({ tenant_id }, query) => listAgents(db, tenant_id, query),
      findRevision: ({ tenant_id }, agent_id, revision) => findRevision(db, tenant_id, agent_id, revision),
      listRevisions: ({ tenant_id }, agent_id, page) => listRevisions(db, tenant_id, agent_id, page),
      takenIds: ({ tenant_id }, prefix) => takenIds(db, tenant_id, prefix),
      listDeletedBefore: ({ tenant_id }, before) => listDeletedBefore(db, tenant_id, before),
    },
    versions: {
      findWithContent: unwritten('findWithContent'),
      list: ({ tenant_id }, agent_id) => listVersions(db, tenant_id, agent_id),
      listWithContent: ({ tenant_id }, agent_id) => listVersionsWithContent(db, tenant_id, agent_id),
      find: ({ tenant_id }, agent_id, version) => findVersion(db, tenant_id, agent_id, version),
    },
    settings: { all: ({ tenant_id }) => allSettings(db, tenant_id) },
    providers: {
      prices: ({ tenant_id }) => listPrices(db, tenant_id),
      checks: ({ tenant_id }) => listChecks(db, tenant_id),
    },
    connections: { list: ({ tenant_id }) => listConnections(db, tenant_id) },
    routing: {
      weights: ({ tenant_id }) => findWeights(db, tenant_id),
      routes: ({ tenant_id }, agent_id) => listRoutes(db, tenant_id, agent_id),
    },
    audit: {
      list: ({ tenant_id }, after, limit) => listAudit(db, tenant_id, after, limit),
      findBreak: ({ tenant_id }) => findAuditBreak(db, tenant_id),
    },
    directory: {
      tenant: unwritten('tenant'),
      keyByHash: unwritten('keyByHash'),
      tenants: unwritten('tenants'),
      user: unwritten('user'),
      users: unwritten('users'),
      keys: unwritten('keys'),
    },
    secrets: { list: unwritten('secrets'), find: unwritten('secrets') },
    releases: { find: unwritten('releases'), list: unwritten('releases'), rolling: unwritten('releases') },
    webhooks: { list: unwritten('webhooks') },
    feed: changeFeed(db),
    commit: (scope, changes, audit) =>
      inTransaction(db, async (transaction) => {
        const write: Write = { db: transaction, scope, at: clock() }
        for (const change of changes) await applyChange(write, change)
        if (audit) await appendAudit(write, audit)
      }),
  }
}

const isAgentChange = (change: Change): change is AgentChange => /^(agent|working_copy|version|label)\./.test(change.kind)

async function applyChange(write: Write, change: Change): Promise<void> {
  if (change.kind === 'setting.set') await setSettings(write.db, write.scope.tenant_id, change.values)
  else if (change.kind === 'price.set' || change.kind === 'check.keep') await commitProviderChange(write, change)
  else if (change.kind === 'connection.save' || change.kind === 'connection.delete') await commitConnectionChange(write, change)
  else if (change.kind === 'route.weights') await setWeights(write, change)
  else if (isAgentChange(change)) await commitAgentChange(write, change)
  else await unwritten(change.kind)()
  await appendFeed(write, change)
}

async function findAgent(db: StudioDb, tenant_id: string, agent_id: string) {
  const summary = await findSummary(db, tenant_id, agent_id)
  if (!summary) return undefined
  const head = await findRevision(db, tenant_id, agent_id, summary.revision)
  if (!head) throw new Error(`head (revision ${summary.revision}) of "${agent_id}" is missing`)
  const working_copy = await findWorkingCopy(db, tenant_id, agent_id)
  return { summary, head, ...(working_copy && { working_copy }) }
}
