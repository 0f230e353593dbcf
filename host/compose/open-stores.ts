import type { OutputOf } from '../../core/contract/index.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { Store } from '../../core/store/store.ts'
import { backUp } from '../stores/sqlite/backup.ts'
import { createCallStore } from '../stores/sqlite/calls-store.ts'
import { sqliteVersion } from '../stores/sqlite/open-database.ts'
import { openDatabases } from '../stores/sqlite/open-databases.ts'
import { createStudioStore } from '../stores/sqlite/studio-store.ts'
import type { Base } from './base.ts'

export type Stores = Readonly<{
  store: Store
  calls: CallStore
  /** What `system.info` tells of them. */
  facts: Pick<OutputOf<'system.info'>, 'sqlite_version' | 'recoveries'>
  /** A copy of all of it, made while it is in use and given up when the stores close; a failure is logged. */
  backUp: () => void
}>

/** Opens what keeps agents, settings and calls; the caller holds the data folder. */
export function openStores({ data_dir, log, clock, closing }: Pick<Base, 'data_dir' | 'log' | 'clock' | 'closing'>): Stores {
  const { studio, calls, recoveries, close } = openDatabases(data_dir, clock)
  closing.add(close)
  for (const recovery of recoveries) log.error(recovery, 'a damaged database was set aside and recovered')
  const ending = new AbortController()
  let copying = Promise.resolve()
  closing.add(() => {
    ending.abort()
    return copying
  })
  return {
    store: createStudioStore(studio, clock),
    calls: createCallStore(calls),
    facts: { sqlite_version: sqliteVersion(studio), recoveries: [...recoveries] },
    backUp: () => {
      const databases = { 'studio.db': studio, 'calls.db': calls }
      const copied = backUp({ dir: data_dir, databases, clock, signal: ending.signal })
      copying = copied.then(
        () => undefined,
        (cause: unknown) => {
          if (!ending.signal.aborted) log.warn({ err: cause }, 'the backup of the databases failed')
        },
      )
    },
  }
}
