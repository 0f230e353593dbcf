import type { CallStore } from '../../../core/store/calls.ts'
import { armStats } from './arm-stats.ts'
import { commitCallChanges } from './calls-commit.ts'
import { countActive, findLost, findSession, listExpired, listSessions, listUnended, readJournal } from './calls-reads.ts'
import type { CallsDatabase } from './calls-schema.ts'
import { createKeyPruning } from './commit-keys.ts'
import { claimDeliveries, findDelivery, listDeliveries, pruneDeliveries } from './delivery-table.ts'
import type { Dialect } from './dialect.ts'
import { removeEnded } from './remove-ended.ts'
import type { Runner } from './runner.ts'

/** What the tables of calls are kept with. */
export type CallStoreDeps = Readonly<{ runner: Runner<CallsDatabase>; dialect: Dialect }>

/** Calls in the tables of `CallsDatabase`. */
export function createCallStore({ runner, dialect }: CallStoreDeps): CallStore {
  const { read, readAcross, write, writeAcross } = runner
  const pruneKeys = createKeyPruning((before) =>
    writeAcross([], (db) => db.deleteFrom('call_commit_key').where('at', '<', before).execute()),
  )
  return {
    find: ({ tenant_id }, session_id) => read(tenant_id, (db) => findSession(db, tenant_id, session_id)),
    list: ({ tenant_id }, query) => read(tenant_id, (db) => listSessions(db, dialect, tenant_id, query)),
    journal: ({ tenant_id }, session_id, after, limit) =>
      read(tenant_id, (db) => readJournal(db, tenant_id, session_id, after, limit)),
    listUnended: () => readAcross(listUnended),
    listExpired: (now, limit) => readAcross((db) => listExpired(db, now, limit)),
    countActive: ({ tenant_id }) => read(tenant_id, (db) => countActive(db, tenant_id)),
    armStats: ({ tenant_id }, release_id, since) => read(tenant_id, (db) => armStats(db, tenant_id, release_id, since)),
    deliveries: {
      list: ({ tenant_id }, webhook_id, page) => read(tenant_id, (db) => listDeliveries(db, tenant_id, webhook_id, page)),
      find: ({ tenant_id }, delivery_id) => read(tenant_id, (db) => findDelivery(db, tenant_id, delivery_id)),
      claim: (now, until, limit) => writeAcross([], (db) => claimDeliveries(db, dialect, now, until, limit)),
      prune: (before) => writeAcross([], (db) => pruneDeliveries(db, before)),
    },
    findLost: ({ tenant_id }, query) => read(tenant_id, (db) => findLost(db, tenant_id, query)),
    commit: async (scope, changes, once) => {
      const at = Date.now()
      if (once !== undefined) await pruneKeys(at)
      const key = once === undefined ? undefined : { once, at }
      return write(scope.tenant_id, [], (db) => commitCallChanges({ db, scope, dialect }, changes, key))
    },
    removeEnded: ({ tenant_id }, which, limit) => write(tenant_id, [], (db) => removeEnded(db, tenant_id, which, limit)),
    purgeDeleted: (before) =>
      writeAcross([], async (db) => {
        const { numDeletedRows } = await db.deleteFrom('session').where('deleted_at', '<', before).executeTakeFirst()
        return Number(numDeletedRows)
      }),
  }
}
