import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase, { SqliteError, type Database } from 'better-sqlite3'
import { listBackups } from './backup.ts'
import { salvage, type AcceptsRow, type Salvaged } from './salvage.ts'

/** A damaged database that was replaced by what could be read of it; for people. */
export type Recovery = Readonly<{ file: string; at: number; set_aside: string; report: string }>

export type RecoverableDatabase = Readonly<{
  dir: string
  /** `studio.db` or `calls.db`. */
  name: string
  /** Opens a file and brings it to the newest schema. */
  open: (file: string) => Database
  /** SQLite's own check: `integrity_check` also compares indices with tables, `quick_check` is for files that may be large. */
  check: 'integrity_check' | 'quick_check'
  /** What is wrong that SQLite's check does not see. */
  verify: (database: Database) => string | undefined
  accepts: AcceptsRow
  /** Makes the rows that were saved agree with each other; returns what it did. */
  mend?: (database: Database) => readonly string[]
  clock: () => number
}>

type Opened = Readonly<{ database: Database; recovery?: Recovery }>

/** Opens a database; a damaged one is set aside whole, and what can be read of it, or of the newest backup, takes its place. */
export function openOrRecover(source: RecoverableDatabase): Opened {
  const file = join(source.dir, source.name)
  const damage = findDamage(source, file)
  if (typeof damage !== 'string') return { database: damage }
  const at = source.clock()
  const set_aside = join(source.dir, 'damaged', `${new Date(at).toISOString().replaceAll(':', '-')} ${source.name}`)
  copyDatabase(file, set_aside, source.name)
  const fresh = join(source.dir, `${source.name}.recovering`)
  removeDatabase(fresh)
  const report = rebuild(source, join(set_aside, source.name), fresh, damage)
  writeFileSync(join(set_aside, 'report.txt'), `${report}\n`)
  // The old log goes first: SQLite would replay it into the new file.
  for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  renameSync(fresh, file)
  return { database: source.open(file), recovery: { file: source.name, at, set_aside, report } }
}

/** The open database when it is sound, else what is wrong with it. Checked before anything writes to it. */
function findDamage({ open, check, verify }: RecoverableDatabase, file: string): Database | string {
  try {
    const found = existsSync(file) ? checkFile(file, check) : 'ok'
    if (found !== 'ok') return found
    const database = open(file)
    const wrong = verify(database)
    if (wrong === undefined) return database
    database.close()
    return wrong
  } catch (cause) {
    if (cause instanceof SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|ERROR)/.test(cause.code)) return cause.message
    throw cause
  }
}

function checkFile(file: string, check: RecoverableDatabase['check']): string {
  const database = new SqliteDatabase(file)
  try {
    return String(database.pragma(`${check}(1)`, { simple: true }))
  } finally {
    database.close()
  }
}

function rebuild(source: RecoverableDatabase, damaged: string, fresh: string, damage: string): string {
  const target = source.open(fresh)
  try {
    const own = readCopy(source, damaged, target, () => true)
    const missing = new Set(own.filter(({ complete }) => !complete).map(({ table }) => table))
    const backups = missing.size > 0 ? listBackups(source.dir, source.name) : []
    const added = backups.map((file) => ({
      file,
      rows: countRows(readCopy(source, file, target, (table) => missing.has(table))),
    }))
    const mended = source.mend?.(target) ?? []
    target.pragma('wal_checkpoint(TRUNCATE)')
    return [
      `${source.name} was damaged: ${damage}`,
      `${countRows(own)} rows could be read from it.`,
      ...own.filter(({ complete }) => !complete).map(({ table }) => `Not all rows of ${table} could be read.`),
      ...added.map(({ file, rows }) => `${rows} rows that were missing came from the backup ${file}.`),
      ...mended,
    ].join('\n')
  } finally {
    target.close()
  }
}

const countRows = (salvaged: readonly Salvaged[]): number => salvaged.reduce((sum, { rows }) => sum + rows, 0)

/** Reads a copy, so that what was set aside stays as it was found. */
function readCopy(
  source: RecoverableDatabase,
  file: string,
  target: Database,
  wanted: (table: string) => boolean,
): readonly Salvaged[] {
  const work = join(source.dir, `${source.name}.reading`)
  removeDatabase(work)
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, work + end)
  try {
    return salvage(work, target, wanted, source.accepts)
  } finally {
    removeDatabase(work)
  }
}

function copyDatabase(file: string, folder: string, name: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, join(folder, name + end))
}

function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(file + end, { force: true })
}
