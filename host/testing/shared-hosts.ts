import { readServerMode } from '../compose/server-mode.ts'
import { mongod, sharedMongo } from '../stores/testing/mongo-for-tests.ts'
import { hasPostgres, startPostgres } from '../stores/testing/postgres-for-tests.ts'
import { startServedHost, type ServedTestHost } from './start-served-host.ts'
import type { TestHostOptions } from './start-test-host.ts'

export type SharedStore = 'postgres' | 'mongodb' | 'greenroom'

/** Two hosts as `greenroom serve` and `greenroom worker` run them, on one store; the tenant `acme` is there. */
export type SharedHosts = Readonly<{ one: ServedTestHost; other: ServedTestHost; close: () => Promise<void> }>

/** Why there cannot be such a store here. */
export function noStore(kind: SharedStore): string | undefined {
  if (kind === 'postgres') return hasPostgres ? undefined : 'no Postgres for this machine'
  if (kind === 'mongodb') return mongod ? undefined : 'no MongoDB: set GREENROOM_TEST_MONGOD'
  return undefined
}

const SECRET_KEY = 'a long passphrase of this test'

export async function startSharedHosts(kind: SharedStore, options: TestHostOptions = {}): Promise<SharedHosts> {
  process.env['GREENROOM_SECRET_KEY'] = SECRET_KEY
  if (kind === 'greenroom') return throughAnother(options)
  const { url, close } =
    kind === 'postgres' ? await startPostgres() : { url: await sharedMongo({ replica_set: true }), close: nothing }
  return startOn(url, options, close)
}

/** Two hosts on a store that is there. */
export async function startOn(url: string, options: TestHostOptions, close: () => Promise<void>): Promise<SharedHosts> {
  const server = readServerMode({}, { store: url, worker: false })
  const one = await startServedHost(['acme'], { ...options, server })
  const other = await startServedHost([], { ...options, server })
  return {
    one,
    other,
    close: async () => {
      await other.close()
      await one.close()
      await close()
    },
  }
}

/** The first on SQLite with its API, the second on that, with an operator's key. */
async function throughAnother(options: TestHostOptions): Promise<SharedHosts> {
  const one = await startServedHost(['acme'], options)
  const key = await one.host.makeFirstKey()
  const api = await one.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
  process.env['GREENROOM_STORE_KEY'] = key ?? ''
  const server = readServerMode({}, { store: api.addresses[0] ?? '', worker: false })
  const other = await startServedHost([], { ...options, server })
  return {
    one,
    other,
    close: async () => {
      await other.close()
      await api.close()
      await one.close()
    },
  }
}

const nothing = async (): Promise<void> => undefined
