import pg from 'pg'
import pino from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Stores } from '../../../core/store/stores.ts'
import { hasPostgres, startPostgres } from '../testing/postgres-for-tests.ts'
import { AUDIT, create, newScope, revise } from '../testing/samples.ts'
import { startProxy } from '../testing/tcp-proxy.ts'
import { openPostgresStores } from './open-postgres-stores.ts'

const options = { clock: Date.now, log: pino({ level: 'silent' }) }

async function open() {
  const database = await startPostgres()
  const proxy = await startProxy(database.url)
  const [near, far] = [await openPostgresStores(proxy.url, options), await openPostgresStores(database.url, options)]
  onTestFinished(async () => {
    proxy.open()
    for (const stores of [near, far]) await stores.close()
    await proxy.close()
    await database.close()
  })
  return { database, proxy, near, far }
}

/** Resolves when `stores` is told of something after `token`, and read it. */
function told(stores: Stores, scope: ReturnType<typeof newScope>, token: string): Promise<string[]> {
  return new Promise((resolve) => {
    const stop = stores.store.feed.watch(() => {
      void stores.store.feed.since(scope, token, 10).then(
        ({ entries }) => entries.length > 0 && (stop(), resolve(entries.map(({ subject }) => subject))),
        // Away still; it is told again when it is back.
        () => undefined,
      )
    })
  })
}

describe.skipIf(!hasPostgres)('a Postgres that comes and goes', () => {
  test('away, it is told in plain words without a password; back, everything goes on, and what was missed is told of', async () => {
    const { proxy, near, far } = await open()
    const scope = newScope()
    await near.store.commit(scope, [create('one')], AUDIT)
    const { token } = await near.store.feed.since(scope, undefined, 10)
    proxy.cut()
    const refused = { code: 'unavailable', message: expect.stringMatching(/^The database at postgres:\/\/127/) }
    await expect(near.store.agents.find(scope, 'one')).rejects.toMatchObject(refused)
    await expect(near.store.commit(scope, [create('two')], AUDIT)).rejects.toMatchObject(refused)
    const health = await near.health()
    expect(health).toMatchObject({ kind: 'postgres', state: 'down', reason: expect.any(String) })
    expect(JSON.stringify(health)).not.toMatch(/team/)
    const missed = told(near, scope, token)
    await far.store.commit(scope, [create('three')], AUDIT)
    proxy.open()
    expect(await missed).toEqual(['three'])
    expect(await near.store.agents.findSummary(scope, 'three')).toBeDefined()
    await near.store.commit(scope, [create('two')], AUDIT)
    expect(await near.health()).toMatchObject({ state: 'ok' })
  })

  test('a server that does not answer any more is told of, and used again when it does', async () => {
    const { proxy, near } = await open()
    const scope = newScope()
    await near.store.commit(scope, [create('one')], AUDIT)
    proxy.hang()
    expect(await near.health()).toMatchObject({ state: 'down', reason: /does not answer|too long/ })
    const waiting = near.store.agents.findSummary(scope, 'one')
    proxy.open()
    expect(await waiting).toBeDefined()
    expect(await near.health()).toMatchObject({ state: expect.stringMatching(/ok|slow/) })
  })

  test('every connection broken by the server at once: the next calls come through without an error', async () => {
    const { database, near, far } = await open()
    const scope = newScope()
    await near.store.commit(scope, [create('one')], AUDIT)
    await Promise.all(Array.from({ length: 8 }, () => near.store.agents.find(scope, 'one')))
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    await admin.end()
    const [found] = await Promise.all([
      near.store.agents.find(scope, 'one'),
      near.store.commit(scope, [create('two')], AUDIT),
      far.store.commit(scope, [revise('one', { n: 2 }, 1)], AUDIT),
    ])
    expect(found?.summary.agent_id).toBe('one')
    const { token } = await near.store.feed.since(scope, undefined, 10)
    const later = told(near, scope, token)
    await far.store.commit(scope, [create('four')], AUDIT)
    expect(await later).toEqual(['four'])
  })

  test('a commit whose connection breaks in the middle leaves all of it or nothing', async () => {
    const { database, proxy, near, far } = await open()
    const scope = newScope()
    const many = Array.from({ length: 400 }, (_, index) => create(`a${index}`))
    const commit = near.store.commit(scope, many, AUDIT).then(
      () => 'done',
      (cause: { code: string }) => cause.code,
    )
    // Once it is at work: it holds the tenant's lock.
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    for (let held = 0; held === 0;) {
      const { rows } = await admin.query<{ held: number }>(
        `select count(*)::int as held from pg_locks where locktype = 'advisory' and granted
         and database = (select oid from pg_database where datname = current_database())`,
      )
      held = rows[0]?.held ?? 0
    }
    await admin.end()
    proxy.cut()
    expect(await commit).toBe('unavailable')
    const { count } = await far.store.agents.list(scope, { deleted: false, limit: 1 })
    expect(count).toBe(0)
    expect(await far.store.audit.list(scope, 0, 9)).toEqual([])
    await far.store.commit(scope, [create('a0')], AUDIT)
  })

  test('an address that is not there, a wrong password and a missing database are told apart, without the password', async () => {
    const { database } = await open()
    const at = (change: (url: URL) => void) => {
      const url = new URL(database.url)
      change(url)
      return openPostgresStores(url.href, options).catch((cause: Error) => cause.message)
    }
    expect(await at((url) => (url.port = '1'))).toMatch(/nothing answers there/)
    expect(await at((url) => (url.password = 'canary-7'))).toMatch(/does not accept the user or the password/)
    expect(await at((url) => (url.pathname = '/nowhere'))).toMatch(/database is not there/)
    expect(await at((url) => (url.hostname = 'no-such-host.invalid'))).toMatch(/no machine has this name|cannot be used/)
    expect(await at((url) => (url.password = 'canary-7'))).not.toMatch(/canary/)
    await expect(openPostgresStores('postgres://[x', options)).rejects.toMatchObject({ code: 'malformed' })
  })

  test('several instances that start at once on an empty database make its schema once', async () => {
    const database = await startPostgres()
    const all = await Promise.all(Array.from({ length: 5 }, () => openPostgresStores(database.url, options)))
    const scope = newScope()
    await Promise.all(all.map(({ store }, index) => store.commit(scope, [create(`a${index}`)], AUDIT)))
    expect((await all[0]?.store.agents.list(scope, { deleted: false, limit: 9 }))?.count).toBe(5)
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    await admin.query(`insert into greenroom.migration values (99, 'later', now())`)
    await admin.end()
    await expect(openPostgresStores(database.url, options)).rejects.toMatchObject({
      code: 'unsupported',
      message: /newer Greenroom/,
    })
    for (const stores of all) await stores.close()
    await database.close()
  })
})
