import type { ChangeFeed } from '../../../core/store/change-feed.ts'
import type { Store } from '../../../core/store/store.ts'
import type { StoreLink } from './store-link.ts'
import {
  agentMethods,
  configurationMethods as configured,
  directoryMethods,
  storeMethods,
  versionMethods,
} from './studio-methods.ts'

/** Agents, configuration and directory of another Greenroom. */
export const remoteStore = ({ call }: StoreLink, watch: ChangeFeed['watch']): Store => ({
  agents: {
    find: (scope, ...args) => call(agentMethods.find, scope, args),
    findSummary: (scope, ...args) => call(agentMethods.findSummary, scope, args),
    findById: (scope, ...args) => call(agentMethods.findById, scope, args),
    served: (scope, ...args) => call(agentMethods.served, scope, args),
    list: (scope, ...args) => call(agentMethods.list, scope, args),
    findRevision: (scope, ...args) => call(agentMethods.findRevision, scope, args),
    listRevisions: (scope, ...args) => call(agentMethods.listRevisions, scope, args),
    takenIds: (scope, ...args) => call(agentMethods.takenIds, scope, args),
    listDeletedBefore: (scope, ...args) => call(agentMethods.listDeletedBefore, scope, args),
  },
  versions: {
    list: (scope, ...args) => call(versionMethods.list, scope, args),
    listWithContent: (scope, ...args) => call(versionMethods.listWithContent, scope, args),
    find: (scope, ...args) => call(versionMethods.find, scope, args),
    findWithContent: (scope, ...args) => call(versionMethods.findWithContent, scope, args),
  },
  settings: { all: (scope) => call(configured.settings, scope, []) },
  providers: {
    prices: (scope) => call(configured.prices, scope, []),
    checks: (scope) => call(configured.checks, scope, []),
  },
  connections: { list: (scope) => call(configured.connections, scope, []) },
  routing: {
    weights: (scope) => call(configured.weights, scope, []),
    routes: (scope, agent_id) => call(configured.routes, scope, [agent_id ?? null]),
  },
  directory: {
    tenant: (...args) => call(directoryMethods.tenant, undefined, args),
    keyByHash: (...args) => call(directoryMethods.keyByHash, undefined, args),
    tenants: (...args) => call(directoryMethods.tenants, undefined, args),
    user: (scope, ...args) => call(directoryMethods.user, scope, args),
    users: (scope, ...args) => call(directoryMethods.users, scope, args),
    keys: (scope, ...args) => call(directoryMethods.keys, scope, args),
  },
  secrets: {
    list: (scope) => call(configured.secretList, scope, []),
    find: (scope, ...args) => call(configured.secretFind, scope, args),
  },
  releases: {
    find: (scope, ...args) => call(configured.releaseFind, scope, args),
    list: (scope, ...args) => call(configured.releaseList, scope, args),
    rolling: (scope) => call(configured.rolling, scope, []),
  },
  webhooks: { list: (scope) => call(configured.webhooks, scope, []) },
  audit: {
    list: (scope, ...args) => call(storeMethods.auditList, scope, args),
    findBreak: (scope) => call(storeMethods.auditBreak, scope, []),
  },
  feed: {
    since: (scope, token, limit) => call(storeMethods.since, scope, [token ?? null, limit]),
    sinceAll: (token, limit) => call(storeMethods.sinceAll, undefined, [token ?? null, limit]),
    watch,
    prune: (...args) => call(storeMethods.prune, undefined, args),
  },
  commit: async (scope, changes, audit, once) => call(storeMethods.commit, scope, [changes, audit], once),
})
