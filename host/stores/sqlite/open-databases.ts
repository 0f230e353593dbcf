import { mkdirSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { callsMigrations } from './calls-migrations.ts'
import { acceptsDocument, findChangedText, mendAgents } from './mend-agents.ts'
import { openDatabase } from './open-database.ts'
import { openOrRecover, type Recovery } from './recovery.ts'
import { studioMigrations } from './studio-migrations.ts'

export type Databases = Readonly<{
  /** What the user saves: a commit survives a power cut. */
  studio: Database
  /** Calls, apart from it, so that a busy call never delays a save: a commit survives a crash. */
  calls: Database
  /** What had to be recovered from damaged files on the way. */
  recoveries: readonly Recovery[]
  close: () => void
}>

/** Opens both databases of a data folder, whose lock the caller must hold; damaged files are set aside and recovered. */
export function openDatabases(dir: string, clock: () => number): Databases {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const studio = openOrRecover({
    ...{ dir, clock, name: 'studio.db', check: 'integrity_check' },
    ...{ verify: findChangedText, accepts: acceptsDocument, mend: mendAgents },
    open: (file) => openDatabase({ file, synchronous: 'FULL', migrations: studioMigrations }),
  })
  const calls = openOrRecover({
    ...{ dir, clock, name: 'calls.db', check: 'quick_check' },
    ...{ verify: () => undefined, accepts: () => true },
    open: (file) => openDatabase({ file, synchronous: 'NORMAL', migrations: callsMigrations }),
  })
  return {
    studio: studio.database,
    calls: calls.database,
    recoveries: [studio.recovery, calls.recovery].filter((recovery) => recovery !== undefined),
    close: () => {
      calls.database.close()
      studio.database.close()
    },
  }
}
