import { closeSync, openSync } from 'node:fs'
import SqliteDatabase from 'better-sqlite3'
import type { Database } from 'better-sqlite3'
import { migrate, type Migration } from './migrate.ts'

/** The first SQLite without the WAL-reset bug that could lose committed pages. */
const LEAST_SQLITE = [3, 51, 3] as const

export type OpenOptions = Readonly<{
  file: string
  /** FULL: a commit survives a power cut. NORMAL: it survives a crash of the process. */
  synchronous: 'FULL' | 'NORMAL'
  migrations: readonly Migration[]
}>

/** Opens (or makes) one database file in WAL mode and brings it to the newest schema. */
export function openDatabase({ file, synchronous, migrations }: OpenOptions): Database {
  // For this user alone, also in a folder that others may read; SQLite gives its logs the same mode.
  if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600))
  const database = new SqliteDatabase(file)
  try {
    requireSqlite(sqliteVersion(database))
    database.pragma('journal_mode = WAL')
    database.pragma(`synchronous = ${synchronous}`)
    database.pragma('foreign_keys = ON')
    database.pragma('busy_timeout = 5000')
    // What was removed for ever is overwritten in the file as well.
    database.pragma('secure_delete = ON')
    migrate(database, migrations)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

export function sqliteVersion(database: Database): string {
  return String(database.prepare('select sqlite_version()').pluck().get())
}

export function requireSqlite(version: string): void {
  const parts = version.split('.').map(Number)
  for (const [index, least] of LEAST_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > least) return
    if (part < least) throw new Error(`SQLite ${version} is too old: ${LEAST_SQLITE.join('.')} or newer is needed`)
  }
}
