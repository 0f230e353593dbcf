import type { StoredAgent, ServedRevision } from '../../../core/store/agents.ts'
import type { Store } from '../../../core/store/store.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { agentMethods, configurationMethods, versionMethods } from '../greenroom/studio-methods.ts'
import { groupsOf, TENANTS, type Topic } from './change-groups.ts'
import type { Question, RememberedReads } from './remembered-reads.ts'
import type { SoundDocuments } from './sound-documents.ts'

/** Makes a memory of one kind of answer. `read`: of texts that instances share; without, they are this instance's alone. */
export type Remember = <Value>(options?: {
  isKept?: (value: Value) => boolean
  read?: (value: unknown) => Value
}) => RememberedReads<Value>

export type CachedStoreDeps = Readonly<{
  store: Store
  remember: Remember
  sound: SoundDocuments | undefined
  /** Asks the store itself, for no longer than may be. */
  ask: <Value>(question: () => Promise<Value>) => Promise<Value>
  /** As `ask`, and also while the store is known not to answer. */
  write: <Value>(question: () => Promise<Value>) => Promise<Value>
  feed: Store['feed']
  /** What was committed here, or may have been, is read here from now on. */
  committed: (scope: TenantScope, changes: Parameters<Store['commit']>[1]) => Promise<void>
}>

type Parts<Key extends keyof Store> = Pick<Store, Key>

/** The store with the reads that calls and requests repeat remembered; everything else goes through. */
export function cachedStore(deps: CachedStoreDeps): Store {
  const { store, ask, write, feed, committed } = deps
  const { audit } = store
  return {
    ...cachedAgents(deps),
    ...cachedConfiguration(deps),
    ...cachedDirectory(deps),
    audit: {
      list: (...args) => ask(() => audit.list(...args)),
      findBreak: (...args) => ask(() => audit.findBreak(...args)),
    },
    feed,
    // A conflict says that what is remembered is of before, also where the feed has not told it yet; after a failure nobody knows.
    commit: async (scope, changes, ...rest) => {
      try {
        await write(() => store.commit(scope, changes, ...rest))
      } finally {
        await committed(scope, changes)
      }
    },
  }
}

function cachedAgents({ store: { agents, versions }, remember, sound, ask }: CachedStoreDeps): Parts<'agents' | 'versions'> {
  // Working copies are told of by no feed: agents that have one are read anew.
  const isSettled = (found: StoredAgent | undefined) => found?.working_copy === undefined
  const found = remember<StoredAgent | undefined>({ isKept: isSettled })
  const summaries = remember({ read: agentMethods.findSummary.read })
  const served = remember<ServedRevision | undefined>({ read: agentMethods.served.read })
  const revisions = remember({ read: agentMethods.findRevision.read })
  const lists = remember<Awaited<ReturnType<typeof versions.list>>>({ read: versionMethods.list.read })
  const marks = remember({ read: versionMethods.find.read })
  const whole = remember({ read: versionMethods.findWithContent.read })
  const of = <Value>({ tenant_id }: TenantScope, agent_id: string, what: string, read: () => Promise<Value>): Question<Value> => {
    const { agent, agents: all } = groupsOf(tenant_id)
    return { key: `${agent(agent_id)} ${what}`, groups: [agent(agent_id), all], read }
  }
  return {
    agents: {
      find: (scope, id) => found.get(of(scope, id, 'find', () => agents.find(scope, id))),
      findSummary: (scope, id) => summaries.get(of(scope, id, 'summary', () => agents.findSummary(scope, id))),
      served: (scope, id) =>
        served.get({
          ...of(scope, id, 'served', () => agents.served(scope, id)),
          ...(sound && { through: sound.through(scope, id) }),
        }),
      findRevision: (scope, id, revision) =>
        revisions.get(of(scope, id, `revision ${revision}`, () => agents.findRevision(scope, id, revision))),
      findById: (scope, id) => {
        const { anyAgent, agents: all } = groupsOf(scope.tenant_id)
        return found.get({ key: `${anyAgent} ${id}`, groups: [anyAgent, all], read: () => agents.findById(scope, id) })
      },
      list: (...args) => ask(() => agents.list(...args)),
      listRevisions: (...args) => ask(() => agents.listRevisions(...args)),
      takenIds: (...args) => ask(() => agents.takenIds(...args)),
      listDeletedBefore: (...args) => ask(() => agents.listDeletedBefore(...args)),
    },
    versions: {
      list: (scope, id) => lists.get(of(scope, id, 'versions', () => versions.list(scope, id))),
      find: (scope, id, version) => marks.get(of(scope, id, `version ${version}`, () => versions.find(scope, id, version))),
      findWithContent: (scope, id, version) =>
        whole.get(of(scope, id, `content ${version}`, () => versions.findWithContent(scope, id, version))),
      listWithContent: (...args) => ask(() => versions.listWithContent(...args)),
    },
  }
}

type Configured = 'settings' | 'providers' | 'connections' | 'routing' | 'secrets' | 'releases' | 'webhooks'

function cachedConfiguration({ store, remember, ask }: CachedStoreDeps): Parts<Configured> {
  const { settings, providers, connections, routing, secrets, releases, webhooks } = store
  const of = <Value>({ tenant_id }: TenantScope, topic: Topic, what: string, read: () => Promise<Value>): Question<Value> => {
    const group = groupsOf(tenant_id).topic(topic)
    return { key: `${group} ${what}`, groups: [group], read }
  }
  const configured = configurationMethods
  const all = remember({ read: configured.settings.read })
  const prices = remember<Awaited<ReturnType<typeof providers.prices>>>({ read: configured.prices.read })
  const checks = remember<Awaited<ReturnType<typeof providers.checks>>>({ read: configured.checks.read })
  const connected = remember<Awaited<ReturnType<typeof connections.list>>>({ read: configured.connections.read })
  const weights = remember({ read: configured.weights.read })
  // Sealed, and nothing that others could keep for us.
  const sealed = remember<Awaited<ReturnType<typeof secrets.find>>>()
  const sealedLists = remember<Awaited<ReturnType<typeof secrets.list>>>()
  const release = remember({ read: configured.releaseFind.read })
  const rolling = remember<Awaited<ReturnType<typeof releases.rolling>>>({ read: configured.rolling.read })
  const hooks = remember<Awaited<ReturnType<typeof webhooks.list>>>()
  return {
    settings: { all: (scope) => all.get(of(scope, 'settings', 'all', () => settings.all(scope))) },
    providers: {
      prices: (scope) => prices.get(of(scope, 'prices', 'all', () => providers.prices(scope))),
      checks: (scope) => checks.get(of(scope, 'checks', 'all', () => providers.checks(scope))),
    },
    connections: {
      list: (scope) => connected.get(of(scope, 'connections', 'all', () => connections.list(scope))),
    },
    routing: {
      weights: (scope) => weights.get(of(scope, 'weights', 'all', () => routing.weights(scope))),
      // Whoever routes keeps what it has read by itself.
      routes: (...args) => ask(() => routing.routes(...args)),
    },
    secrets: {
      find: (scope, name) => sealed.get(of(scope, 'secrets', `one ${name}`, () => secrets.find(scope, name))),
      list: (scope) => sealedLists.get(of(scope, 'secrets', 'all', () => secrets.list(scope))),
    },
    releases: {
      find: (scope, id) => release.get(of(scope, 'releases', `one ${id}`, () => releases.find(scope, id))),
      rolling: (scope) => rolling.get(of(scope, 'releases', 'rolling', () => releases.rolling(scope))),
      list: (...args) => ask(() => releases.list(...args)),
    },
    webhooks: { list: (scope) => hooks.get(of(scope, 'webhooks', 'all', () => webhooks.list(scope))) },
  }
}

/** What lets people in is remembered by this instance alone; keys are not at all, because who asks for them has a memory of its own. */
function cachedDirectory({ store: { directory }, remember, ask }: CachedStoreDeps): Parts<'directory'> {
  // Whoever is not there may be made at another instance in this moment, and must come in with the key that follows.
  const isThere = (found: unknown) => found !== undefined
  const tenants = remember<Awaited<ReturnType<typeof directory.tenant>>>({ isKept: isThere })
  const users = remember<Awaited<ReturnType<typeof directory.user>>>({ isKept: isThere })
  const pages = remember<Awaited<ReturnType<typeof directory.tenants>>>()
  return {
    directory: {
      tenant: (id) => {
        const group = groupsOf(id).topic('directory')
        return tenants.get({ key: `${group} tenant`, groups: [group], read: () => directory.tenant(id) })
      },
      user: (scope, id) => {
        const group = groupsOf(scope.tenant_id).topic('directory')
        return users.get({ key: `${group} user ${id}`, groups: [group], read: () => directory.user(scope, id) })
      },
      tenants: (page) =>
        pages.get({ key: `tenants ${page.limit} ${page.cursor ?? ''}`, groups: [TENANTS], read: () => directory.tenants(page) }),
      keyByHash: (...args) => ask(() => directory.keyByHash(...args)),
      users: (...args) => ask(() => directory.users(...args)),
      keys: (...args) => ask(() => directory.keys(...args)),
    },
  }
}
