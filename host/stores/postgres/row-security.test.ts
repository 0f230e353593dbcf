import { sql } from 'kysely'
import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Stores } from '../../../core/store/stores.ts'
import type { CallsDatabase } from '../sql/calls-schema.ts'
import type { Runner } from '../sql/runner.ts'
import type { StudioSchema } from '../sql/studio-schema.ts'
import { hasPostgres, startPostgres, type TestPostgres } from '../testing/postgres-for-tests.ts'
import { AUDIT, create, event, newKey, newScope, newSession, newTenant, newUser, notice, publish } from '../testing/samples.ts'
import { openPostgresStores } from './open-postgres-stores.ts'
import { openPool, type PostgresPool } from './postgres-pool.ts'
import { postgresRunner } from './postgres-runner.ts'
import { ACROSS_ROLE, OWN } from './row-security.ts'

const log = pino({ level: 'silent' })
const [a, b] = [newScope(), newScope()]

describe.skipIf(!hasPostgres)('the database itself keeps tenants apart', () => {
  let database: TestPostgres
  let stores: Stores
  let pool: PostgresPool
  let runner: Runner<StudioSchema & CallsDatabase>
  beforeAll(async () => {
    database = await startPostgres()
    stores = await openPostgresStores(database.url, { clock: Date.now, log })
    pool = openPool(database.url, log)
    runner = postgresRunner(pool)
    for (const scope of [a, b]) await furnish(stores, scope)
  })
  afterAll(async () => {
    await pool.pool.end()
    await stores.close()
    await database.close()
  })

  test('a query with a forgotten filter finds the rows of its own tenant alone, in every table', async () => {
    const found: Record<string, readonly string[]> = {}
    for (const table of Object.keys(OWN)) {
      const { rows } = await runner.read(a.tenant_id, (db) =>
        sql<{ tenant_id: string }>`select distinct tenant_id from ${sql.table(table)}`.execute(db),
      )
      found[table] = rows.map(({ tenant_id }) => tenant_id)
    }
    for (const [table, tenants] of Object.entries(found)) expect([[], [a.tenant_id]], table).toContainEqual(tenants)
    for (const table of ['agent', 'agent_revision', 'audit', 'change', 'api_key', 'session', 'journal', 'tenant'])
      expect(found[table], table).toEqual([a.tenant_id])
  })

  test('changes with a forgotten filter reach the own tenant alone, and rows for another one cannot be written', async () => {
    await runner.write(a.tenant_id, [], async (db) => {
      await db.updateTable('agent').set({ enabled: 0 }).execute()
      await db.deleteFrom('setting').execute()
    })
    expect(await stores.store.agents.findSummary(a, 'one')).toMatchObject({ enabled: false })
    expect(await stores.store.agents.findSummary(b, 'one')).toMatchObject({ enabled: true })
    expect(await stores.store.settings.all(b)).toEqual({ theme: 'dark' })
    const foreign = (work: Parameters<typeof runner.write>[2]) => expect(runner.write(a.tenant_id, [], work)).rejects
    await foreign((db) =>
      db.insertInto('setting').values({ tenant_id: b.tenant_id, key: 'x', value: '1' }).execute(),
    ).toMatchObject({ code: 'unavailable', message: /row-level security/ })
    await foreign((db) => db.updateTable('agent').set({ tenant_id: b.tenant_id }).execute()).toThrow(/row-level security/)
    await foreign((db) => sql`update journal set type = 'x'`.execute(db)).toThrow(/permission denied/)
    await foreign((db) => sql`delete from audit`.execute(db)).toThrow(/permission denied/)
    await foreign((db) => sql`update migration set number = 99`.execute(db)).toThrow(/permission denied/)
  })

  test('without a tenant nothing is found; work of every tenant reaches what it needs and nothing else', async () => {
    const { rows } = await runner.read('', (db) => sql`select * from agent`.execute(db))
    expect(rows).toEqual([])
    const keys = await runner.readAcross((db) => sql`select distinct tenant_id from api_key`.execute(db))
    expect(keys.rows).toHaveLength(2)
    for (const table of ['agent', 'agent_revision', 'sealed_secret', 'journal', 'audit', 'tenant_user', 'setting'])
      await expect(runner.readAcross((db) => sql`select 1 from ${sql.table(table)}`.execute(db))).rejects.toThrow(
        /permission denied/,
      )
    await expect(runner.writeAcross([], (db) => sql`update api_key set hash = 'x'`.execute(db))).rejects.toThrow(
      /permission denied/,
    )
  })

  test('a tenant’s name cannot leave the statement that it stands in', async () => {
    for (const tenant_id of ["x', true); reset role; --", "'; drop table greenroom.agent; --", '\\', "\\'", 'x\0y']) {
      const { rows } = await runner.read(tenant_id, (db) =>
        sql<{ tenant: string; role: string }>`select current_setting('greenroom.tenant') as tenant, current_user as role`.execute(
          db,
        ),
      )
      expect(rows).toEqual([{ tenant: tenant_id.replace('\0', '\ufffd'), role: 'greenroom_app' }])
    }
  })

  test('every table of ours is closed by force, and has a row in the table of rights', async () => {
    const { rows } = await pool.pool.query<{ name: string; closed: boolean; owner_bypasses: boolean }>(
      `select relname as name, relrowsecurity and relforcerowsecurity as closed, pg_get_userbyid(relowner) as owner
       from pg_class where relnamespace = 'greenroom'::regnamespace and relkind = 'r' and relname <> 'migration' order by relname`,
    )
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(OWN).sort())
    expect(rows.filter(({ closed }) => !closed)).toEqual([])
    const owner = await pool.pool.query('select * from greenroom.agent')
    expect(owner.rows).toEqual([])
    const roles = await pool.pool.query(
      `select rolcanlogin or rolsuper or rolbypassrls as strong from pg_roles where rolname in ('greenroom_app', $1)`,
      [ACROSS_ROLE],
    )
    expect(roles.rows).toEqual([{ strong: false }, { strong: false }])
  })

  test('a login that owns nothing and may only take the two roles is enough once the schema is there', async () => {
    const admin = new URL(database.url)
    const name = `guest_${admin.pathname.slice(-8)}`
    await pool.pool.query(
      `create role ${name} login noinherit password 'guest'; grant greenroom_app, greenroom_across to ${name}`,
    )
    const url = new URL(database.url)
    url.username = name
    url.password = 'guest'
    const guest = await openPostgresStores(url.href, { clock: Date.now, log })
    expect(await guest.store.agents.findSummary(a, 'one')).toBeDefined()
    await guest.store.commit(a, [create('guest')], AUDIT)
    await guest.close()
    await pool.pool.query(`revoke greenroom_across from ${name}`)
    const refused = openPostgresStores(url.href, { clock: Date.now, log })
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', hint: /GRANT greenroom_app/ })
    const direct = new pg.Client({ connectionString: url.href })
    await direct.connect()
    await expect(direct.query('select * from greenroom.agent')).rejects.toThrow(/permission denied/)
    await direct.end()
    await pool.pool.query(`drop role ${name}`)
  })

  test('a step of the schema reaches rows that are closed to whoever owns them', async () => {
    const scope = newScope()
    const input = { variables: { user_id: 'zoe' }, script: ['\0'], seed: 1, what_if: {} }
    const session = newSession({ input })
    const end = event(1, 1, { type: 'session.ended', reason: 'stopped' })
    await stores.calls.commit(scope, [
      { kind: 'session.create', session },
      { kind: 'journal.append', session_id: session.session_id, events: [end] },
    ])
    // As the schema was before its third step.
    await pool.pool.query(`
      alter table greenroom.session drop column caller_id;
      drop table greenroom.commit_key, greenroom.call_commit_key;
      drop index greenroom.session_over, greenroom.change_at, greenroom.delivery_over;
      delete from greenroom.migration where number = 3`)
    const newer = await openPostgresStores(database.url, { clock: Date.now, log })
    expect(await newer.calls.list(scope, { user_id: 'zoe', limit: 1 })).toMatchObject({ count: 1 })
    await newer.close()
  })
})

async function furnish({ store, calls }: Stores, scope: typeof a): Promise<void> {
  const session = newSession()
  await store.commit(
    scope,
    [
      ...[create('one'), publish('one', '1.0.0', 1)],
      { kind: 'setting.set', values: { theme: 'dark' } },
      { kind: 'tenant.save', tenant: newTenant(scope) },
      { kind: 'user.save', user: newUser('u') },
      { kind: 'key.save', key: newKey(scope) },
    ],
    AUDIT,
  )
  await calls.commit(scope, [
    { kind: 'session.create', session },
    { kind: 'journal.append', session_id: session.session_id, events: [notice(1, 1)] },
  ])
}
