import { createSessionPool, type GroupPool, type PoolOptions, type ProcessGroup, type SessionPool } from './session-pool.ts'

const OPEN: ProcessGroup = { reach: 'anywhere' }
/** So many tenants with processes of their own find one ready: those that called last. */
const MOST_OWN_WARM = 2

export type SessionPools = SessionPool &
  Readonly<{
    /** Calls of this group may come: from `keepWarm` on, one process is kept ready for them. */
    expect: (group: ProcessGroup) => void
  }>

/**
 * Session processes by what may share one: threat is that a tenant's call reaches what it may not by a process (its connections, its
 * memory) that it shares with others.
 */
export function createSessionPools(options: Omit<PoolOptions, 'group'>): SessionPools {
  const pools = new Map<string, Readonly<{ pool: GroupPool; group: ProcessGroup }>>()
  /** Of single tenants, the one that is used now at the end. */
  const ownWarm = new Set<GroupPool>()
  let warm = false
  let spare = false

  function of(group: ProcessGroup): GroupPool {
    const id = `${group.reach} ${group.tenant_id ?? ''}`
    const known = pools.get(id)
    if (known) return known.pool
    const pool = createSessionPool({ ...options, group })
    pools.set(id, { pool, group })
    if (group.tenant_id === undefined) {
      if (warm) pool.keepWarm()
      if (spare) pool.keepSpare(true)
    }
    return pool
  }

  function keepOwnWarm(pool: GroupPool): void {
    ownWarm.delete(pool)
    ownWarm.add(pool)
    for (const [last] of ownWarm.entries()) {
      if (ownWarm.size <= MOST_OWN_WARM) break
      ownWarm.delete(last)
      last.letCool()
    }
    pool.keepWarm()
  }

  function used(group: ProcessGroup): GroupPool {
    const pool = of(group)
    if (warm && group.tenant_id !== undefined) keepOwnWarm(pool)
    return pool
  }
  const shared = () => [...pools.values()].filter(({ group }) => group.tenant_id === undefined).map(({ pool }) => pool)
  of(OPEN)
  return {
    acquire: (session_id, listener, group = OPEN) => used(group).acquire(session_id, listener),
    acquireCheck: (check_id, listener, group = OPEN) => of(group).acquireCheck(check_id, listener),
    expect: (group) => void used(group),
    keepWarm: () => {
      warm = true
      for (const pool of shared()) pool.keepWarm()
    },
    keepSpare: (wanted) => {
      spare = wanted
      for (const pool of shared()) pool.keepSpare(wanted)
    },
    processes: () => [...pools.values()].flatMap(({ pool }) => pool.processes()),
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()))
    },
  }
}
