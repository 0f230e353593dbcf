import * as z from 'zod'
import { AgentDetail, AgentRevision, AgentSummary, AgentVersion, RevisionSummary } from '../../../core/contract/agents.ts'
import { AuditRow, FeedEntry } from '../../../core/contract/audit.ts'
import { AgentId, TenantId } from '../../../core/contract/ids.ts'
import { PriceEntry, ProviderCheck } from '../../../core/contract/providers.ts'
import { Release } from '../../../core/contract/releases.ts'
import { RouteWeights } from '../../../core/contract/routing.ts'
import { Tenant, User } from '../../../core/contract/tenants.ts'
import { AuditSchema, ChangeSchema, SealedSecret, StoredConnection, StoredKey, StoredWebhook } from './change-schemas.ts'
import { AnyDocument, AnyJson, AnyObject } from './document-json.ts'
import { storeMethod } from './store-method.ts'

const text = z.string()
const nothing = z.tuple([])
const one = z.tuple([text])
const page = z.object({ limit: z.int(), cursor: text.optional() })
const listed = z.tuple([page])
const paged = <Row extends z.ZodType>(rows: Row) =>
  z.object({ rows: z.array(rows), count: z.int(), next_cursor: text.exactOptional() })

/** Documents come as they were written: they are checked where they are used. */
const Head = AgentRevision.extend({ content: AnyDocument })
const Stored = AgentDetail.omit({ read_only: true }).extend({ head: Head })
const WithContent = AgentVersion.extend({ content: AnyDocument })
const Served = z.object({
  agent_id: AgentId,
  revision: z.int(),
  version: text.exactOptional(),
  content: AnyDocument,
  enabled: z.boolean(),
})
const ListQuery = page.extend({
  q: text.optional(),
  deleted: z.boolean(),
  agent_type: text.optional(),
  enabled: z.boolean().optional(),
  tag: text.optional(),
  owner_id: text.optional(),
})
const Route = z.object({
  agent_id: AgentId,
  name: text,
  enabled: z.boolean(),
  is_default: z.boolean(),
  agent_type: text,
  routing: AnyJson.optional(),
})
const since = z.tuple([text.nullable(), z.int().min(1).max(1000)])

export const agentMethods = {
  find: storeMethod('agents.find', {
    args: one,
    result: Stored.optional(),
    run: ({ store }, scope, args) => store.agents.find(scope, ...args),
  }),
  findSummary: storeMethod('agents.findSummary', {
    args: one,
    result: AgentSummary.optional(),
    run: ({ store }, scope, args) => store.agents.findSummary(scope, ...args),
  }),
  findById: storeMethod('agents.findById', {
    args: one,
    result: Stored.optional(),
    run: ({ store }, scope, args) => store.agents.findById(scope, ...args),
  }),
  served: storeMethod('agents.served', {
    args: one,
    result: Served.optional(),
    run: ({ store }, scope, args) => store.agents.served(scope, ...args),
  }),
  list: storeMethod('agents.list', {
    args: z.tuple([ListQuery]),
    result: paged(AgentSummary),
    run: ({ store }, scope, args) => store.agents.list(scope, ...args),
  }),
  findRevision: storeMethod('agents.findRevision', {
    args: z.tuple([text, z.int()]),
    result: Head.optional(),
    run: ({ store }, scope, args) => store.agents.findRevision(scope, ...args),
  }),
  listRevisions: storeMethod('agents.listRevisions', {
    args: z.tuple([text, page]),
    result: paged(RevisionSummary),
    run: ({ store }, scope, args) => store.agents.listRevisions(scope, ...args),
  }),
  takenIds: storeMethod('agents.takenIds', {
    args: one,
    result: z.array(text).transform((ids): ReadonlySet<string> => new Set(ids)),
    run: async ({ store }, scope, args) => [...(await store.agents.takenIds(scope, ...args))],
  }),
  listDeletedBefore: storeMethod('agents.listDeletedBefore', {
    args: z.tuple([z.number()]),
    result: z.array(text),
    run: ({ store }, scope, args) => store.agents.listDeletedBefore(scope, ...args),
  }),
}

export const versionMethods = {
  list: storeMethod('versions.list', {
    args: one,
    result: z.array(AgentVersion),
    run: ({ store }, scope, args) => store.versions.list(scope, ...args),
  }),
  listWithContent: storeMethod('versions.listWithContent', {
    args: one,
    result: z.array(WithContent),
    run: ({ store }, scope, args) => store.versions.listWithContent(scope, ...args),
  }),
  find: storeMethod('versions.find', {
    args: z.tuple([text, text]),
    result: AgentVersion.optional(),
    run: ({ store }, scope, args) => store.versions.find(scope, ...args),
  }),
  findWithContent: storeMethod('versions.findWithContent', {
    args: z.tuple([text, text]),
    result: WithContent.optional(),
    run: ({ store }, scope, args) => store.versions.findWithContent(scope, ...args),
  }),
}

export const configurationMethods = {
  settings: storeMethod('settings.all', {
    args: nothing,
    result: AnyObject,
    run: ({ store }, scope) => store.settings.all(scope),
  }),
  prices: storeMethod('providers.prices', {
    args: nothing,
    result: z.array(PriceEntry.omit({ own: true })),
    run: ({ store }, scope) => store.providers.prices(scope),
  }),
  checks: storeMethod('providers.checks', {
    args: nothing,
    result: z.array(ProviderCheck),
    run: ({ store }, scope) => store.providers.checks(scope),
  }),
  connections: storeMethod('connections.list', {
    args: nothing,
    result: z.array(StoredConnection),
    run: ({ store }, scope) => store.connections.list(scope),
  }),
  weights: storeMethod('routing.weights', {
    args: nothing,
    result: RouteWeights.optional(),
    run: ({ store }, scope) => store.routing.weights(scope),
  }),
  routes: storeMethod('routing.routes', {
    args: z.tuple([text.nullable()]),
    result: z.array(Route).transform((routes) => routes.map(({ routing, ...route }) => ({ ...route, routing }))),
    run: ({ store }, scope, [agent_id]) => store.routing.routes(scope, ...(agent_id === null ? [] : [agent_id])),
  }),
  releaseFind: storeMethod('releases.find', {
    args: one,
    result: Release.optional(),
    run: ({ store }, scope, args) => store.releases.find(scope, ...args),
  }),
  releaseList: storeMethod('releases.list', {
    args: z.tuple([page.extend({ agent_id: text.optional() })]),
    result: paged(Release),
    run: ({ store }, scope, args) => store.releases.list(scope, ...args),
  }),
  rolling: storeMethod('releases.rolling', {
    args: nothing,
    result: z.array(Release),
    run: ({ store }, scope) => store.releases.rolling(scope),
  }),
  webhooks: storeMethod('webhooks.list', {
    args: nothing,
    result: z.array(StoredWebhook),
    run: ({ store }, scope) => store.webhooks.list(scope),
  }),
  secretList: storeMethod('secrets.list', {
    args: nothing,
    may: 'operator',
    result: z.array(SealedSecret),
    run: ({ store }, scope) => store.secrets.list(scope),
  }),
  secretFind: storeMethod('secrets.find', {
    args: one,
    may: 'operator',
    result: SealedSecret.optional(),
    run: ({ store }, scope, args) => store.secrets.find(scope, ...args),
  }),
}

export const directoryMethods = {
  tenant: storeMethod('directory.tenant', {
    args: one,
    may: 'operator',
    result: Tenant.optional(),
    run: ({ store }, _scope, args) => store.directory.tenant(...args),
  }),
  keyByHash: storeMethod('directory.keyByHash', {
    args: one,
    may: 'operator',
    result: StoredKey.optional(),
    run: ({ store }, _scope, args) => store.directory.keyByHash(...args),
  }),
  tenants: storeMethod('directory.tenants', {
    args: listed,
    may: 'operator',
    result: paged(Tenant),
    run: ({ store }, _scope, args) => store.directory.tenants(...args),
  }),
  user: storeMethod('directory.user', {
    args: one,
    result: User.optional(),
    run: ({ store }, scope, args) => store.directory.user(scope, ...args),
  }),
  users: storeMethod('directory.users', {
    args: listed,
    result: paged(User),
    run: ({ store }, scope, args) => store.directory.users(scope, ...args),
  }),
  keys: storeMethod('directory.keys', {
    args: listed,
    may: 'operator',
    result: paged(StoredKey),
    run: ({ store }, scope, args) => store.directory.keys(scope, ...args),
  }),
}

export const storeMethods = {
  auditList: storeMethod('audit.list', {
    args: z.tuple([z.int(), z.int()]),
    result: z.array(AuditRow.extend({ detail: AnyObject })),
    run: ({ store }, scope, args) => store.audit.list(scope, ...args),
  }),
  auditBreak: storeMethod('audit.findBreak', {
    args: nothing,
    result: z.int().optional(),
    run: ({ store }, scope) => store.audit.findBreak(scope),
  }),
  since: storeMethod('feed.since', {
    args: since,
    result: z.object({ entries: z.array(FeedEntry), token: text }),
    run: ({ store }, scope, [token, limit]) => store.feed.since(scope, token ?? undefined, limit),
  }),
  sinceAll: storeMethod('feed.sinceAll', {
    args: since,
    may: 'operator',
    result: z.object({ entries: z.array(FeedEntry.extend({ tenant_id: TenantId })), token: text }),
    run: ({ store }, _scope, [token, limit]) => store.feed.sinceAll(token ?? undefined, limit),
  }),
  prune: storeMethod('feed.prune', {
    args: z.tuple([z.number()]),
    may: 'operator',
    writes: true,
    result: z.int(),
    run: ({ store }, _scope, args) => store.feed.prune(...args),
  }),
  commit: storeMethod('commit', {
    args: z.tuple([z.array(ChangeSchema), AuditSchema.nullable()]),
    writes: true,
    keeps_key: true,
    result: z.undefined(),
    run: async ({ store }, scope, args, once) => store.commit(scope, ...args, once),
  }),
}
