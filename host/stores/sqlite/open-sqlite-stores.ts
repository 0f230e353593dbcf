import { SqliteError } from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import type { Logger } from 'pino'
import type { StoreHealth, Stores } from '../../../core/store/stores.ts'
import { sqliteVersion } from './open-database.ts'
import { callPortsOn, studioStoreOn } from './stores-on.ts'
import { openDatabases, type Databases } from './open-databases.ts'

/** With what only a data folder has. */
export type SqliteStores = Stores & Readonly<{ databases: Databases; sqlite_version: string }>

/** Opens a data folder, whose lock the caller must hold; damaged files are set aside and recovered. */
export async function openSqliteStores(
  dir: string,
  { clock, log }: Readonly<{ clock: () => number; log: Pick<Logger, 'error'> }>,
): Promise<SqliteStores> {
  const databases = openDatabases(dir, clock)
  const { studio, calls, recoveries } = databases
  for (const recovery of recoveries) log.error(recovery, 'a damaged database was set aside and recovered')
  const opened_at = clock()
  return {
    store: studioStoreOn(studio, clock),
    ...callPortsOn(calls),
    health: async () => ({ kind: 'sqlite', address: dir, notes: [], ...stateOf(studio, opened_at, clock()) }),
    close: async () => databases.close(),
    databases,
    sqlite_version: sqliteVersion(studio),
  }
}

function stateOf(studio: Database, opened_at: number, now: number): Pick<StoreHealth, 'state' | 'since' | 'reason'> {
  try {
    studio.prepare('select 1 from agent limit 1').get()
    return { state: 'ok', since: opened_at }
  } catch (cause) {
    if (!(cause instanceof SqliteError || cause instanceof TypeError)) throw cause
    return { state: 'down', since: now, reason: `The database cannot be read: ${cause.message}` }
  }
}
