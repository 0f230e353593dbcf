import type { Stores } from '../../core/store/stores.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { purgeDeletedAgents } from '../agents/first-start.ts'
import type { ServedTenants } from '../rooms/room-deps.ts'
import type { Base } from './base.ts'

const DAY_MS = 24 * 3_600_000
const DELETED_FOR_MS = 30 * DAY_MS
const PAGE = 500

export type RetentionDeps = Readonly<{
  base: Pick<Base, 'store' | 'clock' | 'log' | 'closing'>
  calls: Pick<Stores['calls'], 'list' | 'commit' | 'purgeDeleted'>
  tenants: Pick<ServedTenants, 'list'>
  /** How long calls are kept after their end, ms; 0: for ever. */
  calls_kept_ms: number
}>

/**
 * Once a day, what was deleted 30 days ago goes for ever, of every tenant, and so do calls that ended longer ago than they are kept. Every
 * instance may do it, also at the same time: what another one has taken out already is not there any more.
 */
export function createRetention({ base: { store, clock, log, closing }, calls, tenants, calls_kept_ms }: RetentionDeps) {
  /** Only marked as deleted long ago: removed at once, with all that belongs to them, by the purge that follows. */
  async function markOldCalls(scope: TenantScope): Promise<number> {
    const now = clock()
    let [cursor, marked]: [string | undefined, number] = [undefined, 0]
    do {
      const page: Awaited<ReturnType<typeof calls.list>> = await calls.list(scope, {
        ...{ state: 'ended', limit: PAGE },
        ...(cursor !== undefined && { cursor }),
      })
      const old = page.rows.filter(({ started_at, ended_at = started_at }) => ended_at < now - calls_kept_ms)
      const at = now - DELETED_FOR_MS - 1
      const gone = old.map(({ session_id }) => ({ kind: 'session.delete', session_id, at }) as const)
      if (gone.length > 0) await calls.commit(scope, gone)
      marked += old.length
      cursor = page.next_cursor
    } while (cursor !== undefined)
    return marked
  }

  async function tidy(): Promise<void> {
    for (const scope of await tenants.list()) {
      try {
        const agents = await purgeDeletedAgents(store, scope, clock())
        const old_calls = calls_kept_ms > 0 ? await markOldCalls(scope) : 0
        if (agents + old_calls > 0)
          log.info({ tenant_id: scope.tenant_id, agents, old_calls }, 'what was kept long enough goes for ever')
      } catch (error) {
        log.warn({ tenant_id: scope.tenant_id, error }, 'what was kept long enough could not be taken out; tried again in a day')
      }
    }
    await calls.purgeDeleted(clock() - DELETED_FOR_MS)
  }

  return {
    tidy,
    begin(): void {
      const now = () => void tidy().catch((error: unknown) => log.warn({ error }, 'old calls could not be removed'))
      const timer = setInterval(now, DAY_MS).unref()
      closing.add(() => clearInterval(timer))
      now()
    },
  }
}
