import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { v7 } from 'uuid'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Change } from '../../core/store/store.ts'
import type { Stores } from '../../core/store/stores.ts'
import { openMongoStores } from '../../host/stores/mongo/open-mongo-stores.ts'
import { openPostgresStores } from '../../host/stores/postgres/open-postgres-stores.ts'
import { openSqliteStores } from '../../host/stores/sqlite/open-sqlite-stores.ts'
import { mongod, sharedMongo } from '../../host/stores/testing/mongo-for-tests.ts'
import { hasPostgres, startPostgres } from '../../host/stores/testing/postgres-for-tests.ts'

export type StoreKind = 'SQLite' | 'Postgres' | 'MongoDB'
export const STORES: readonly StoreKind[] = ['SQLite', 'Postgres', 'MongoDB']

export type BenchStore = Readonly<{ stores: Stores; close: () => Promise<void> }>

const options = { clock: Date.now, log: pino({ level: 'silent' }) }
const AT_ONCE = 500

export function missing(kind: StoreKind): string | undefined {
  if (kind === 'Postgres') return hasPostgres ? undefined : 'no Postgres for this machine'
  if (kind === 'MongoDB') return mongod ? undefined : 'no MongoDB: set GREENROOM_TEST_MONGOD'
  return undefined
}

export async function openStore(kind: StoreKind): Promise<BenchStore> {
  if (kind === 'SQLite') {
    const dir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
    return closing(await openSqliteStores(dir, options), () => rm(dir, { recursive: true, force: true }))
  }
  if (kind === 'MongoDB')
    return closing(await openMongoStores(await sharedMongo({ replica_set: true }), options), async () => undefined)
  const { url, close } = await startPostgres()
  return closing(await openPostgresStores(url, options), close)
}

const closing = (stores: Stores, after: () => Promise<void>): BenchStore => ({
  stores,
  close: async () => {
    await stores.close()
    await after()
  },
})

export const newTenant = (): TenantScope => ({ tenant_id: TenantId.parse(`t-${v7()}`), user_id: UserId.parse('bench') })

/** As an import brings them: with a document and a version each, in commits of hundreds. */
export async function importAgents({ store }: Stores, scope: TenantScope, from: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const changes = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => imported(from + done + index))
    await store.commit(scope, changes, { action: 'bundle.import', subject: '', detail: {} })
  }
}

function imported(n: number): Change {
  const agent_id = `agent-${n}`
  const content = {
    format: 1,
    ...{ agent_id, name: `Agent ${n} of ${['support', 'sales', 'interviews'][n % 3]}`, description: 'One of many.' },
    prompt_config: { instructions: 'Answer kindly, in one or two sentences. '.repeat(20) },
    tags: [`team-${n % 50}`],
  }
  const version = { version: '1.0.0', name: '', note: '', author: 'bench', created_at: 1, content }
  return { kind: 'agent.import', id: v7(), agent_id, content, based_on: 0, note: '', versions: [version] }
}
