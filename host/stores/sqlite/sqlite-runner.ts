import type { Database } from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Runner } from '../sql/runner.ts'
import { inTransaction } from './in-transaction.ts'
import { preparedOnce } from './prepared-once.ts'

/** One file, one connection: transactions come one after the other, so that every lock is held by all of them. */
export function sqliteRunner<Schema>(database: Database): Runner<Schema> {
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: preparedOnce(database) }) })
  return {
    read: (_tenant_id, work) => work(db),
    readAcross: (work) => work(db),
    write: (_tenant_id, _locks, work) => inTransaction(db, work),
    writeAcross: (_locks, work) => inTransaction(db, work),
  }
}
