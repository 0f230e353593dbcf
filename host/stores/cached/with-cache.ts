import type { Logger } from 'pino'
import type { TenantFeedEntry } from '../../../core/store/change-feed.ts'
import type { StoreHealth, Stores } from '../../../core/store/stores.ts'
import { createSignal } from '../sql/signal.ts'
import { cachedStore, type Remember } from './cached-store.ts'
import { createCallsBegun } from './calls-begun.ts'
import { changedBy, groupsChanged } from './change-groups.ts'
import { followChanges } from './change-follower.ts'
import { cachedHealth } from './cached-health.ts'
import { guardedCalls, guardedCommands, guardedLimits } from './guarded-calls.ts'
import { createMemoryBook } from './memory-book.ts'
import { createRecentPages } from './recent-pages.ts'
import { openRedisMemory } from './redis-memory.ts'
import { createRememberedReads } from './remembered-reads.ts'
import type { SoundDocuments } from './sound-documents.ts'
import { createStoreGuard } from './store-guard.ts'

export type CacheOptions = Readonly<{
  clock: () => number
  log: Logger
  /** Shared by the instances of one server; absent: each remembers for itself. */
  redis_url?: string | undefined
  /** Looks at documents before they are served; absent: they are as they are. */
  sound?: SoundDocuments | undefined
  /** How it was when it was opened. Its address is its name in the shared memory, and so the same for all instances. */
  opened: StoreHealth
}>

const ASK_MS = 5_000
/** A commit may be thousands of agents. */
const WRITE_MS = 60_000
/** A call that begins waits no longer to be written down. */
const BEGIN_MS = 2_000
const LOOK_MS = 1_000

export type CachedStores = Stores &
  Readonly<{
    /** Something was answered as it had been before, because the store was slow or away, and can be read anew now. Returns how to stop. */
    onLate: (listener: () => void) => () => void
    /** Resolves when it is known whether the shared memory can be used, where there is one; never rejects. */
    settled: Promise<void>
  }>

/**
 * The stores as a server uses them: what is read again and again is remembered until the feed of changes says that it is another, nothing
 * waits for long for a store that is slow or away, and what was good last goes on to be answered meanwhile. Whoever is told by its feed that
 * something changed reads it as changed.
 */
export function withCache(stores: Stores, { clock, log, redis_url, opened, sound }: CacheOptions): CachedStores {
  const guard = createStoreGuard(clock)
  const book = createMemoryBook()
  const redis = redis_url === undefined ? undefined : openRedisMemory(redis_url, opened.address, log)
  const told = createSignal()
  const pages = createRecentPages()
  const late = createSignal()
  let stale_answers = 0
  /** Since the store was last well. */
  let owed = false

  const ask = <Value>(question: () => Promise<Value>) => guard.ask(question, { within_ms: ASK_MS })
  const write = <Value>(question: () => Promise<Value>) => guard.ask(question, { within_ms: WRITE_MS, eager: true })
  const remember: Remember = ({ isKept, read } = {}) =>
    createRememberedReads({
      ...{ book, guard, clock, isKept },
      onStale: (newer) => {
        stale_answers += 1
        owed = true
        newer.then(payBack, () => undefined)
      },
      shared: read && redis?.of(read),
    })

  function payBack(): void {
    if (!owed) return
    owed = false
    late.tell()
  }

  /** Twice, because what is read between the two may come from the shared memory. */
  async function forget(groups: ReadonlySet<string> | 'all'): Promise<void> {
    const now = () => {
      if (groups === 'all') book.clear()
      else for (const group of groups) book.changed(group)
    }
    now()
    if (!redis) return
    await redis.changed(groups === 'all' ? 'all' : [...groups])
    now()
  }
  const groupsOfAll = (all: readonly (readonly string[] | 'all')[]): ReadonlySet<string> | 'all' =>
    all.includes('all') ? 'all' : new Set(all.flatMap((groups) => (groups === 'all' ? [] : groups)))
  const forgetEntries = (entries: readonly TenantFeedEntry[]) =>
    forget(groupsOfAll(entries.map((entry) => groupsChanged(entry.tenant_id, entry))))

  const { feed } = stores.store
  const follower = followChanges({
    feed: {
      sinceAll: async (token, limit) => {
        const page = await ask(() => feed.sinceAll(token, limit))
        if (token !== undefined) pages.add(token, page)
        return page
      },
      watch: feed.watch,
    },
    onEntries: async (entries) => {
      await forgetEntries(entries)
      told.tell()
    },
    onGap: async () => {
      await forget('all')
      told.tell()
    },
    log,
  })
  const begun = createCallsBegun(
    {
      find: (...args) => ask(() => stores.calls.find(...args)),
      commit: (...args) => write(() => stores.calls.commit(...args)),
    },
    log,
  )
  const health = cachedHealth({
    health: stores.health,
    opened,
    guard,
    clock,
    notes: (): StoreHealth['notes'] => [
      ...(sound?.notes() ?? []),
      ...(stale_answers > 0 && guard.state().state !== 'ok' ? ['What was good last is answered while the store is away.'] : []),
      ...(begun.waiting() > 0 ? [`${begun.waiting()} calls wait to be written down.`] : []),
      ...[redis?.note()].filter((note) => note !== undefined),
    ],
  })
  // Also when nobody asks anything else it is noticed that the store is back.
  const looking = setInterval(() => {
    if (guard.state().state !== 'ok') void health()
  }, LOOK_MS).unref()
  const stopCatchingUp = guard.onChange(({ state, reason }) => {
    if (state === 'ok') {
      log.info('the store answers again')
      payBack()
    } else log.warn({ state, reason }, 'the store does not do well')
    if (state !== 'down')
      void begun.catchUp().catch((error: unknown) => log.warn({ error }, 'calls still wait to be written down'))
  })

  return {
    store: cachedStore({
      ...{ store: stores.store, remember, sound, ask, write },
      feed: {
        since: async (scope, token, limit) => {
          const page = await ask(() => feed.since(scope, token, limit))
          await forgetEntries(page.entries.map((entry) => ({ ...entry, tenant_id: scope.tenant_id })))
          return page
        },
        sinceAll: async (token, limit) => {
          const known = token === undefined ? undefined : pages.find(token, limit)
          if (known) return known
          const page = await ask(() => feed.sinceAll(token, limit))
          await forgetEntries(page.entries)
          return page
        },
        watch: told.watch,
        prune: (before) => write(() => feed.prune(before)),
      },
      committed: ({ tenant_id }, changes) => forget(groupsOfAll(changes.map((change) => changedBy(tenant_id, change)))),
    }),
    calls: guardedCalls(stores.calls, {
      ask,
      write,
      begun,
      begin: (question) => guard.ask(question, { within_ms: BEGIN_MS, eager: true }),
    }),
    limits: guardedLimits(stores.limits, { ask, write }),
    commands: guardedCommands(stores.commands, { ask, write }),
    health,
    onLate: late.watch,
    settled: redis?.settled ?? Promise.resolve(),
    close: async () => {
      clearInterval(looking)
      stopCatchingUp()
      await follower.close()
      redis?.close()
      await stores.close()
    },
  }
}
