import { createSessionPool, type PoolOptions, type ProcessGroup, type SessionPool } from './session-pool.ts'

const OPEN: ProcessGroup = { reach: 'anywhere' }

/**
 * Session processes by what may share one: threat is that a tenant's call reaches what it may not by a process (its connections, its
 * memory) that it shares with others.
 */
export function createSessionPools(options: Omit<PoolOptions, 'group'>): SessionPool {
  const pools = new Map<string, Readonly<{ pool: SessionPool; group: ProcessGroup }>>()
  let warm = false
  let spare = false

  function of(group: ProcessGroup): SessionPool {
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
  const shared = () => [...pools.values()].filter(({ group }) => group.tenant_id === undefined).map(({ pool }) => pool)
  of(OPEN)
  return {
    acquire: (session_id, listener, group = OPEN) => of(group).acquire(session_id, listener),
    acquireCheck: (check_id, listener, group = OPEN) => of(group).acquireCheck(check_id, listener),
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
