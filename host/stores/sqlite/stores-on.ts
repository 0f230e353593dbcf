import type { Database } from 'better-sqlite3'
import type { CallStore } from '../../../core/store/calls.ts'
import type { Store } from '../../../core/store/store.ts'
import type { Stores } from '../../../core/store/stores.ts'
import type { CallsDatabase } from '../sql/calls-schema.ts'
import { createCallStore } from '../sql/calls-store.ts'
import { createLimitStore } from '../sql/limit-store.ts'
import { createSessionCommands } from '../sql/session-commands.ts'
import { createSignal } from '../sql/signal.ts'
import { createStudioStore } from '../sql/studio-store.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { sqliteRunner } from './sqlite-runner.ts'

const dialect = sqliteDialect

/** On studio.db; once for a file, as two would begin transactions inside each other's. */
export const studioStoreOn = (studio: Database, clock: () => number): Store =>
  createStudioStore({ runner: sqliteRunner(studio), dialect, clock, signal: createSignal() })

/** On calls.db; once for a file. */
export function callPortsOn(calls: Database): Pick<Stores, 'calls' | 'limits' | 'commands'> {
  const runner = sqliteRunner<CallsDatabase>(calls)
  return {
    calls: createCallStore({ runner, dialect }),
    limits: createLimitStore(runner),
    commands: createSessionCommands({ runner, dialect, signal: createSignal() }),
  }
}

export const callStoreOn = (calls: Database): CallStore => callPortsOn(calls).calls
