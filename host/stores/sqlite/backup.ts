import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'

const KEPT = 3
const LEAST_AGE_MS = 3_600_000
const PAGES_AT_ONCE = 200

/** Copies of one database file in the backups, newest first. */
export const listBackups = (dir: string, name: string): readonly string[] =>
  backupFolders(dir)
    .map((folder) => join(dir, 'backups', folder, name))
    .filter((file) => existsSync(file))

export type BackupOptions = Readonly<{
  dir: string
  databases: Readonly<Record<string, Database>>
  clock: () => number
  signal: AbortSignal
}>

/**
 * One backup of both databases while they are in use, whole or not at all; the newest three stay. Returns its folder, or undefined when
 * the last one is younger than an hour, so that quick restarts do not push the older ones out.
 */
export async function backUp({ dir, databases, clock, signal }: BackupOptions): Promise<string | undefined> {
  const newest = backupFolders(dir)[0]
  if (newest !== undefined && clock() - statSync(join(dir, 'backups', newest)).mtimeMs < LEAST_AGE_MS) return undefined
  const name = new Date(clock()).toISOString().replaceAll(':', '-')
  const partial = join(dir, 'backups', `.${name}`)
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    for (const [file, database] of Object.entries(databases)) await copyLive(database, join(partial, file), signal)
    await rename(partial, join(dir, 'backups', name))
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    throw cause
  }
  for (const folder of backupFolders(dir).slice(KEPT)) await rm(join(dir, 'backups', folder), { recursive: true, force: true })
  return join(dir, 'backups', name)
}

/** A few pages at a time, so that saves and calls go on beside it. */
async function copyLive(database: Database, file: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await database.backup(file, {
    progress: () => {
      signal.throwIfAborted()
      return PAGES_AT_ONCE
    },
  })
}

/** Newest first; one that was never finished begins with a dot. */
function backupFolders(dir: string): string[] {
  const folder = join(dir, 'backups')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .reverse()
}
