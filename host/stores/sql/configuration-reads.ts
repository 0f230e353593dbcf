import type { Store } from '../../../core/store/store.ts'
import { listConnections } from './connection-table.ts'
import { listChecks, listPrices } from './provider-table.ts'
import { findRelease, listReleases, listRolling } from './release-table.ts'
import { findWeights, listRoutes } from './routing-table.ts'
import { findSecret, listSecrets } from './secret-table.ts'
import { allSettings } from './setting-table.ts'
import type { StudioStoreDeps } from './studio-store.ts'
import { listWebhooks } from './webhook-table.ts'

type Parts = 'settings' | 'providers' | 'connections' | 'routing' | 'secrets' | 'releases' | 'webhooks'

export const configurationReads = ({ runner: { read }, dialect }: StudioStoreDeps): Pick<Store, Parts> => ({
  settings: { all: ({ tenant_id }) => read(tenant_id, (db) => allSettings(db, tenant_id)) },
  providers: {
    prices: ({ tenant_id }) => read(tenant_id, (db) => listPrices(db, tenant_id)),
    checks: ({ tenant_id }) => read(tenant_id, (db) => listChecks(db, tenant_id)),
  },
  connections: { list: ({ tenant_id }) => read(tenant_id, (db) => listConnections(db, tenant_id)) },
  routing: {
    weights: ({ tenant_id }) => read(tenant_id, (db) => findWeights(db, tenant_id)),
    routes: ({ tenant_id }, agent_id) => read(tenant_id, (db) => listRoutes(db, dialect, tenant_id, agent_id)),
  },
  secrets: {
    list: ({ tenant_id }) => read(tenant_id, (db) => listSecrets(db, tenant_id)),
    find: ({ tenant_id }, name) => read(tenant_id, (db) => findSecret(db, tenant_id, name)),
  },
  releases: {
    find: ({ tenant_id }, release_id) => read(tenant_id, (db) => findRelease(db, tenant_id, release_id)),
    list: ({ tenant_id }, query) => read(tenant_id, (db) => listReleases(db, tenant_id, query)),
    rolling: ({ tenant_id }) => read(tenant_id, (db) => listRolling(db, tenant_id)),
  },
  webhooks: { list: ({ tenant_id }) => read(tenant_id, (db) => listWebhooks(db, tenant_id)) },
})
