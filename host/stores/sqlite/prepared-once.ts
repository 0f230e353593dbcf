import type { Database, Statement } from 'better-sqlite3'
import type { SqliteDatabase } from 'kysely'

/** More than the repositories have. */
const MOST = 300
/** Rows of an import in one statement: such a text does not come a second time. */
const LONGEST = 4_000

/**
 * SQLite ends a transaction by itself when the disk is full, be it at its commit: undoing it once more would fail, and that failure would
 * stand before the one that counts.
 */
const NOTHING = { reader: false, all: () => [], run: () => ({ changes: 0, lastInsertRowid: 0 }), iterate: () => [].values() }

/** A database whose statements are prepared once each, as far as they come again; preparing one takes longer than most take to run. */
export function preparedOnce(database: Database): SqliteDatabase {
  const prepared = new Map<string, Statement<unknown[]>>()
  return {
    prepare: (sql) => {
      if (sql === 'rollback' && !database.inTransaction) return NOTHING
      const known = prepared.get(sql)
      if (known) return known
      const statement = database.prepare<unknown[]>(sql)
      if (sql.length > LONGEST) return statement
      if (prepared.size >= MOST) prepared.clear()
      prepared.set(sql, statement)
      return statement
    },
    close: () => void database.close(),
  }
}
