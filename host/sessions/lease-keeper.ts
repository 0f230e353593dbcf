import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { CallStore, Lease, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** Another host may take a call over when nobody has renewed its lease for so long. */
const LEASE_MS = 6000
const RENEW_MS = 2000

type Held = readonly (readonly [SessionId, Readonly<{ scope: TenantScope }>])[]

/** When its host was last sure to hold it. */
export const lastHeld = ({ lease, started_at }: StoredSession): number => (lease ? lease.lease_until - LEASE_MS : started_at)

/** Says again and again that this host holds its calls, for as long as it does. */
export function createLeaseKeeper({
  owner,
  calls,
  log,
  held,
}: Readonly<{
  owner: string
  calls: Pick<CallStore, 'commit'>
  log: Logger
  held: () => Held
}>) {
  let timer: NodeJS.Timeout | undefined
  const lease = (): Lease => ({ owner, lease_until: Date.now() + LEASE_MS })

  async function renew(): Promise<void> {
    const present = lease()
    for (const [session_id, { scope }] of held()) {
      await calls.commit(scope, [{ kind: 'session.lease', session_id, lease: present }])
    }
  }

  function tick(): void {
    if (held().length === 0) return stop()
    renew().catch((error: unknown) => log.warn({ error }, 'the leases of running calls could not be renewed'))
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }

  return {
    lease,
    /** A call has begun. */
    watch: () => void (timer ??= setInterval(tick, RENEW_MS).unref()),
    stop,
  }
}
