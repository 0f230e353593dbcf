import type { Kysely } from 'kysely'
import pg from 'pg'
import type { Runner } from '../sql/runner.ts'
import { kyselyOn } from './kysely-on-client.ts'
import { isBroken, mayPass, toStudioError } from './postgres-failure.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { ACROSS_ROLE, APP_ROLE } from './row-security.ts'

const STATEMENT_MS = 15_000
const LOCK_MS = 12_000
const TRIES = 6

type Kind = Readonly<{ access: 'read only' | 'read write'; role: string; tenant_id: string; locks: readonly string[] }>

/**
 * Every piece of work is a transaction that begins with who it is for, in one statement: role, tenant, limits of time, locks. Reads see one
 * moment, whatever is committed beside them.
 */
export function postgresRunner<Schema>({ pool, address }: PostgresPool): Runner<Schema> {
  const dbs = new WeakMap<pg.PoolClient, Kysely<Schema>>()
  const dbOn = (client: pg.PoolClient) => {
    const db = dbs.get(client) ?? kyselyOn<Schema>(client)
    dbs.set(client, db)
    return db
  }

  async function run<Value>(kind: Kind, work: (db: Kysely<Schema>) => Promise<Value>): Promise<Value> {
    const client = await begun(pool, kind)
    try {
      const value = await work(dbOn(client))
      // What was read is read, however that ends.
      if (kind.access === 'read only') void end(client).catch(() => client.release(true))
      else await end(client)
      return value
    } catch (cause) {
      await undo(client, cause)
      throw cause
    }
  }

  async function tried<Value>(kind: Kind, work: (db: Kysely<Schema>) => Promise<Value>): Promise<Value> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(kind, work)
      } catch (cause) {
        if (attempt === TRIES || !mayPass(cause)) throw toStudioError(cause, address)
      }
    }
  }

  const own = { role: APP_ROLE, access: 'read write' } as const
  const across = { role: ACROSS_ROLE, tenant_id: '', access: 'read write' } as const
  return {
    read: (tenant_id, work) => tried({ ...own, access: 'read only', tenant_id, locks: [] }, work),
    readAcross: (work) => tried({ ...across, access: 'read only', locks: [] }, work),
    write: (tenant_id, locks, work) => tried({ ...own, tenant_id, locks }, work),
    writeAcross: (locks, work) => tried({ ...across, locks }, work),
  }
}

/** A connection that the server has closed meanwhile shows only when it is used; another one is taken then. */
async function begun(pool: pg.Pool, kind: Kind): Promise<pg.PoolClient> {
  for (let left = pool.totalCount + 1; ; left -= 1) {
    const client = await pool.connect()
    try {
      await client.query(beginning(kind))
      return client
    } catch (cause) {
      await undo(client, cause)
      if (left <= 0 || !isBroken(cause) || isSlow(cause)) throw cause
    }
  }
}

const isSlow = (cause: unknown): boolean => cause instanceof Error && /timeout/i.test(cause.message)

async function end(client: pg.PoolClient): Promise<void> {
  await client.query('commit')
  client.release()
}

/** A connection whose state nobody knows is closed. */
async function undo(client: pg.PoolClient, cause: unknown): Promise<void> {
  if (isBroken(cause)) return client.release(true)
  await client.query('rollback').then(
    () => client.release(),
    () => client.release(true),
  )
}

/** One text for one round trip, so that values are quoted and not parameters. */
function beginning({ access, role, tenant_id, locks }: Kind): string {
  const isolation = access === 'read only' ? 'isolation level repeatable read ' : ''
  const settings = {
    role,
    'greenroom.tenant': tenant_id,
    search_path: 'greenroom',
    statement_timeout: String(STATEMENT_MS),
    lock_timeout: String(LOCK_MS),
  }
  const set = Object.entries(settings).map(([name, value]) => `set_config(${quote(name)}, ${quote(value)}, true)`)
  // One statement each: the second lock is asked for when the first is held.
  const held = locks.map((name) => `; select pg_advisory_xact_lock(hashtextextended(${quote(`greenroom ${name}`)}, 0))`)
  return `begin ${isolation}${access}; select ${set.join(', ')}${held.join('')}`
}

const quote = (text: string): string => pg.escapeLiteral(text.replaceAll('\0', '\ufffd'))
