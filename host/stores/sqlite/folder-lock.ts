import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase, { SqliteError } from 'better-sqlite3'

export type FolderLock = Readonly<{ release: () => void }>

/**
 * One writing process per data folder. The lock is SQLite's own on an empty file: exclusive between two starts at the same instant, and
 * gone with its process however that dies. Undefined: another process holds it.
 */
export function lockFolder(dir: string): FolderLock | undefined {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const database = new SqliteDatabase(join(dir, 'host.lock'), { timeout: 0 })
  try {
    database.exec('begin exclusive')
    return { release: () => database.close() }
  } catch (cause) {
    database.close()
    if (cause instanceof SqliteError && cause.code.startsWith('SQLITE_BUSY')) return undefined
    throw cause
  }
}
