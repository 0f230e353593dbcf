import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { CallChange, CallStore, Lease, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** Another host may take a call over when nobody has renewed its lease for so long. */
const LEASE_MS = 4000
const RENEW_MS = 1000

type Held = readonly (readonly [SessionId, Readonly<{ scope: TenantScope; live: Readonly<{ attempt: () => number }> }>])[]

/** When its host was last sure to hold it. */
export const lastHeld = ({ lease, started_at }: StoredSession): number => (lease ? lease.lease_until - LEASE_MS : started_at)

/**
 * Says again and again that this host holds its calls, for as long as it does. While the store is away the calls go on; when it is back and
 * another host has taken one over meanwhile, `onSuperseded` says which.
 */
export function createLeaseKeeper({
  owner,
  calls,
  log,
  held,
  onSuperseded,
}: Readonly<{
  owner: string
  calls: Pick<CallStore, 'commit'>
  log: Logger
  held: () => Held
  onSuperseded: (session_id: SessionId) => void
}>) {
  let timer: NodeJS.Timeout | undefined
  let renewing = false
  const lease = (): Lease => ({ owner, lease_until: Date.now() + LEASE_MS })

  /** One transaction a tenant, however many calls it has. */
  async function renew(lease_until: number): Promise<void> {
    const byTenant = new Map<string, { scope: TenantScope; changes: CallChange[] }>()
    for (const [session_id, { scope }] of held()) {
      const mine = byTenant.get(scope.tenant_id) ?? { scope, changes: [] }
      mine.changes.push({ kind: 'session.lease', session_id, lease: { owner, lease_until } })
      byTenant.set(scope.tenant_id, mine)
    }
    for (const { scope, changes } of byTenant.values()) {
      const sessions = await calls.commit(scope, changes)
      const present = new Map(held())
      for (const { session_id, attempt } of sessions) {
        const mine = present.get(session_id)
        if (mine && attempt > mine.live.attempt()) onSuperseded(session_id)
      }
    }
  }

  function tick(): void {
    if (held().length === 0) return stop()
    // A store that is slow is not asked for more at once.
    if (renewing) return
    renewing = true
    renew(lease().lease_until)
      .catch((error: unknown) => log.warn({ error }, 'the leases of running calls could not be renewed'))
      .finally(() => (renewing = false))
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    lease,
    /** A call has begun. */
    watch: () => void (timer ??= setInterval(tick, RENEW_MS).unref()),
    /** From now on any other host may go on with the calls here; again, to hear which of them one has taken. */
    letGo: (since: number): Promise<void> => {
      stop()
      return renew(since)
    },
    /** What nobody has taken is held again. */
    holdAgain: (): Promise<void> => renew(lease().lease_until),
    stop,
  }
}
