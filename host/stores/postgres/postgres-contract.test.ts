import pino from 'pino'
import { describe } from 'vitest'
import { describeStore } from '../testing/describe-store.ts'
import { hasPostgres, startPostgres } from '../testing/postgres-for-tests.ts'
import { openPostgresStores } from './open-postgres-stores.ts'

const options = { clock: Date.now, log: pino({ level: 'silent' }) }

describe.skipIf(!hasPostgres)('with a server', () =>
  describeStore('Postgres', async () => {
    const database = await startPostgres()
    const another = () => openPostgresStores(database.url, options)
    const stores = await another()
    const close = async () => {
      await stores.close()
      await database.close()
    }
    return { stores, another, close }
  }),
)
