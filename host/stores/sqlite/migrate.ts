import { SqliteError, type Database } from 'better-sqlite3'
import { StudioError } from '../../../core/contract/errors.ts'

/** One step of a schema. Numbered from 1 without gaps, never changed once shipped. */
export type Migration = Readonly<{ number: number; name: string; sql: string }>

/** "GR", and the schema's number below it. */
const MARK = 0x4752_0000

/** Brings a database to the newest schema, each step in a transaction of its own; a newer schema than known is refused untouched. */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const version = schemaVersion(database)
  const newest = migrations.at(-1)?.number ?? 0
  if (version > newest) {
    throw new StudioError(
      'unsupported',
      `${database.name} was written by a newer Greenroom (schema ${version}, this one knows ${newest}).`,
      'Start the newer Greenroom, or use another data folder with --data.',
    )
  }
  for (const migration of migrations.filter(({ number }) => number > version)) apply(database, migration)
}

/** The number stands in the file's header twice, so that a damaged header is not taken for a newer Greenroom. */
export function schemaVersion(database: Database): number {
  const version = Number(database.pragma('user_version', { simple: true }))
  const mark = Number(database.pragma('application_id', { simple: true }))
  if (mark !== (version === 0 ? 0 : MARK + version))
    throw new SqliteError('the schema number in the header is damaged', 'SQLITE_CORRUPT')
  return version
}

/** The number goes up in the same transaction, so a crash leaves either the old schema or the new one. */
function apply(database: Database, { number, name, sql }: Migration): void {
  if (number !== schemaVersion(database) + 1)
    throw new Error(`migration ${number} (${name}) does not follow schema ${schemaVersion(database)}`)
  database.transaction(() => {
    database.exec(sql)
    database.pragma(`user_version = ${number}`)
    database.pragma(`application_id = ${MARK + number}`)
  })()
}
