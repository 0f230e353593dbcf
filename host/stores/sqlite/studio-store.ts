import type { Database } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { DirectoryChange } from '../../../core/store/directory.ts'
import type { Change, Store } from '../../../core/store/store.ts'
import { commitAgentChange } from './agent-commit.ts'
import { findIdOf, findSummary, listAgents, listDeletedBefore, takenIds } from './agent-table.ts'
import { appendAudit, findAuditBreak, listAudit } from './audit-table.ts'
import { appendFeed, feedSince, isTold, readFeed } from './change-table.ts'
import { commitConnectionChange, listConnections } from './connection-table.ts'
import {
  commitDirectoryChange,
  findKeyByHash,
  findTenant,
  findUser,
  listKeys,
  listTenants,
  listUsers,
} from './directory-table.ts'
import { inTransaction } from './in-transaction.ts'
import { commitProviderChange, listChecks, listPrices } from './provider-table.ts'
import { findRelease, listReleases, listRolling, saveRelease } from './release-table.ts'
import { findRevision, listRevisions } from './revision-table.ts'
import { findWeights, listRoutes, setWeights } from './routing-table.ts'
import { commitSecretChange, findSecret, listSecrets } from './secret-table.ts'
import { findServed } from './served-table.ts'
import { allSettings, setSettings } from './setting-table.ts'
import { createSignal } from './signal.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import { findVersion, findVersionWithContent, listVersions, listVersionsWithContent } from './version-table.ts'
import { commitWebhookChange, listWebhooks } from './webhook-table.ts'
import { findWorkingCopy } from './working-copy-table.ts'
import type { Write } from './write.ts'

/** The store's ports on studio.db. `clock` gives ms since the epoch. */
export function createStudioStore(database: Database, clock: () => number): Store {
  const db: StudioDb = new Kysely<StudioSchema>({ dialect: new SqliteDialect({ database }) })
  const signal = createSignal()
  return {
    agents: {
      findById: async ({ tenant_id }, id) => {
        const agent_id = await findIdOf(db, tenant_id, id)
        return agent_id === undefined ? undefined : findAgent(db, tenant_id, agent_id)
      },
      served: ({ tenant_id }, agent_id) => findServed(db, tenant_id, agent_id),
      find: async ({ tenant_id }, agent_id) => findAgent(db, tenant_id, agent_id),
      findSummary: ({ tenant_id }, agent_id) => findSummary(db, tenant_id, agent_id),
      list: ({ tenant_id }, query) => listAgents(db, tenant_id, query),
      findRevision: ({ tenant_id }, agent_id, revision) => findRevision(db, tenant_id, agent_id, revision),
      listRevisions: ({ tenant_id }, agent_id, page) => listRevisions(db, tenant_id, agent_id, page),
      takenIds: ({ tenant_id }, prefix) => takenIds(db, tenant_id, prefix),
      listDeletedBefore: ({ tenant_id }, before) => listDeletedBefore(db, tenant_id, before),
    },
    versions: {
      findWithContent: ({ tenant_id }, agent_id, version) => findVersionWithContent(db, tenant_id, agent_id, version),
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
      tenant: (tenant_id) => findTenant(db, tenant_id),
      keyByHash: (hash) => findKeyByHash(db, hash),
      tenants: (page) => listTenants(db, page),
      user: ({ tenant_id }, user_id) => findUser(db, tenant_id, user_id),
      users: ({ tenant_id }, page) => listUsers(db, tenant_id, page),
      keys: ({ tenant_id }, page) => listKeys(db, tenant_id, page),
    },
    secrets: {
      list: ({ tenant_id }) => listSecrets(db, tenant_id),
      find: ({ tenant_id }, name) => findSecret(db, tenant_id, name),
    },
    releases: {
      find: ({ tenant_id }, release_id) => findRelease(db, tenant_id, release_id),
      list: ({ tenant_id }, query) => listReleases(db, tenant_id, query),
      rolling: ({ tenant_id }) => listRolling(db, tenant_id),
    },
    webhooks: { list: ({ tenant_id }) => listWebhooks(db, tenant_id) },
    feed: {
      since: ({ tenant_id }, token, limit) => feedSince(db, tenant_id, token, limit),
      sinceAll: (token, limit) => readFeed(db, token, limit),
      watch: signal.watch,
    },
    commit: async (scope, changes, audit) => {
      await inTransaction(db, async (transaction) => {
        const write: Write = { db: transaction, scope, at: clock() }
        for (const change of changes) await applyChange(write, change)
        if (audit) await appendAudit(write, audit)
      })
      if (changes.some(isTold)) signal.tell()
    },
  }
}

const isDirectoryChange = (change: Change): change is DirectoryChange => /^(tenant|user|key)\./.test(change.kind)

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
