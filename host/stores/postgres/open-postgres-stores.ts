import type { Logger } from 'pino'
import type { Stores } from '../../../core/store/stores.ts'
import type { CallsDatabase } from '../sql/calls-schema.ts'
import { createCallStore } from '../sql/calls-store.ts'
import { createLimitStore } from '../sql/limit-store.ts'
import { createSessionCommands } from '../sql/session-commands.ts'
import { createStudioStore } from '../sql/studio-store.ts'
import { createListener } from './listener.ts'
import { migratePostgres } from './migrate-postgres.ts'
import { postgresDialect as dialect } from './postgres-dialect.ts'
import { toStudioError } from './postgres-failure.ts'
import { postgresHealth } from './postgres-health.ts'
import { openPool } from './postgres-pool.ts'
import { postgresRunner } from './postgres-runner.ts'

type Options = Readonly<{ clock: () => number; log: Pick<Logger, 'warn'> }>

/**
 * A team's own Postgres (14 or newer), in a schema of its own that is made and brought up to date on the way. TLS by the address
 * (`?sslmode=verify-full`). Rejects with `unavailable` when the server cannot be used.
 */
export async function openPostgresStores(url: string, { clock, log }: Options): Promise<Stores> {
  const pool = openPool(url, log)
  try {
    await migratePostgres(pool.config)
  } catch (cause) {
    await pool.pool.end()
    throw toStudioError(cause, pool.address)
  }
  const listener = createListener(pool.config, log)
  const runner = postgresRunner<CallsDatabase>(pool)
  return {
    store: createStudioStore({ runner: postgresRunner(pool), dialect, clock, signal: listener.changes }),
    calls: createCallStore({ runner, dialect }),
    limits: createLimitStore(runner),
    commands: createSessionCommands({ runner, dialect, signal: listener.commands }),
    health: postgresHealth(pool, clock, () => [listener.deaf()].filter((note) => note !== undefined)),
    close: async () => {
      await listener.close()
      await pool.pool.end()
    },
  }
}
