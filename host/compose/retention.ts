import { DEFAULT_USER } from '../../core/contract/caller.ts'
import type { Tenant } from '../../core/contract/tenants.ts'
import type { Stores } from '../../core/store/stores.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { purgeDeletedAgents } from '../agents/first-start.ts'
import type { Base } from './base.ts'

const DAY_MS = 24 * 3_600_000
const DELETED_FOR_MS = 30 * DAY_MS
/** Whoever was away for longer than this reads everything anew. */
const CHANGES_FOR_MS = 7 * DAY_MS
const DELIVERIES_FOR_MS = 30 * DAY_MS
const MINUTES_FOR_MS = 400 * DAY_MS
const PAGE = 500

export type RetentionDeps = Readonly<{
  base: Pick<Base, 'store' | 'clock' | 'log' | 'closing'>
  calls: Pick<Stores['calls'], 'removeEnded' | 'purgeDeleted' | 'deliveries'>
  limits: Pick<Stores['limits'], 'prune'>
  /** How long calls are kept after their end where their tenant says nothing else, ms; 0: for ever. */
  calls_kept_ms: number
}>

/**
 * Once a day, what was deleted 30 days ago goes for ever, of every tenant, and so do calls that ended longer ago than they are kept, and what
 * is needed for a while only: entries of the feed, deliveries that are over, what was used in past months. The audit stays. Every instance
 * may do it, also at the same time: what another one has taken out already is not there any more.
 */
export function createRetention({ base: { store, clock, log, closing }, calls, limits, calls_kept_ms }: RetentionDeps) {
  const keptFor = ({ retention_days }: Tenant): number => (retention_days === null ? calls_kept_ms : retention_days * DAY_MS)

  async function removeOldCalls(scope: TenantScope, kept_ms: number): Promise<number> {
    if (kept_ms === 0) return 0
    const ended_before = clock() - kept_ms
    for (let removed = 0; ;) {
      const gone = await calls.removeEnded(scope, { ended_before }, PAGE)
      removed += gone.length
      if (gone.length < PAGE) return removed
    }
  }

  async function tidyTenant(tenant: Tenant): Promise<void> {
    const { tenant_id } = tenant
    const scope = { tenant_id, user_id: DEFAULT_USER }
    try {
      const agents = await purgeDeletedAgents(store, scope, clock())
      const old_calls = await removeOldCalls(scope, keptFor(tenant))
      if (agents + old_calls > 0) log.info({ tenant_id, agents, old_calls }, 'what was kept long enough goes for ever')
    } catch (error) {
      log.warn({ tenant_id, error }, 'what was kept long enough could not be taken out; tried again in a day')
    }
  }

  async function tidy(): Promise<void> {
    for (let cursor: string | undefined, more = true; more;) {
      const page = await store.directory.tenants({ limit: PAGE, cursor })
      for (const tenant of page.rows) await tidyTenant(tenant)
      cursor = page.next_cursor
      more = cursor !== undefined
    }
    const now = clock()
    await calls.purgeDeleted(now - DELETED_FOR_MS)
    await calls.deliveries.prune(now - DELIVERIES_FOR_MS)
    await limits.prune(now - MINUTES_FOR_MS)
    await store.feed.prune(now - CHANGES_FOR_MS)
  }

  return {
    tidy,
    begin(): void {
      const now = () => void tidy().catch((error: unknown) => log.warn({ error }, 'what is old could not be removed'))
      const timer = setInterval(now, DAY_MS).unref()
      closing.add(() => clearInterval(timer))
      now()
    },
  }
}
