import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StudioError } from '../../../core/contract/errors.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import { callsMigrations } from './calls-migrations.ts'
import { migrate, schemaVersion, type Migration } from './migrate.ts'
import { openDatabase, requireSqlite } from './open-database.ts'
import { openDatabases } from './open-databases.ts'
import { studioMigrations } from './studio-migrations.ts'
import { createStudioStore } from './studio-store.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'greenroom-migrate-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const first: Migration = { number: 1, name: 'first', sql: 'create table thing (id integer primary key, name text not null)' }
const second: Migration = { number: 2, name: 'second', sql: "alter table thing add column note text not null default 'none'" }
const broken: Migration = { number: 3, name: 'broken', sql: 'create table other (x); insert into nowhere values (1)' }
const file = () => join(dir, 'x.db')
const open = (migrations: readonly Migration[]) => openDatabase({ file: file(), synchronous: 'FULL', migrations })

test('a step keeps the rows of the schema before it', () => {
  const old = open([first])
  old.exec("insert into thing values (1, 'kept')")
  old.close()
  const now = open([first, second])
  expect(now.prepare('select * from thing').all()).toEqual([{ id: 1, name: 'kept', note: 'none' }])
  expect(schemaVersion(now)).toBe(2)
  now.close()
})

test('a step that fails leaves the schema before it, whole', () => {
  open([first, second]).close()
  expect(() => open([first, second, broken])).toThrow(/nowhere/)
  const after = new SqliteDatabase(file())
  expect(schemaVersion(after)).toBe(2)
  expect(after.prepare("select count(*) from sqlite_schema where name = 'other'").pluck().get()).toBe(0)
  after.close()
})

test('a newer schema is refused in plain words and left as it is', () => {
  open([first, second]).close()
  const refused = () => open([first])
  expect(refused).toThrow(StudioError)
  expect(refused).toThrow(/newer Greenroom/)
  expect(() => migrate(new SqliteDatabase(file()), [first, second])).not.toThrow()
})

test('an SQLite that could lose committed pages is refused', () => {
  expect(() => requireSqlite('3.51.2')).toThrow(/too old/)
  for (const version of ['3.51.3', '3.52.0', '4.0.0']) expect(() => requireSqlite(version)).not.toThrow()
})

test.each(['studio.db', 'calls.db'])(
  'a folder whose %s a newer Greenroom wrote is refused, not recovered, and left as it is',
  (name) => {
    openDatabases(dir, Date.now).close()
    const newer = new SqliteDatabase(join(dir, name))
    newer.pragma('user_version = 99')
    newer.pragma(`application_id = ${0x4752_0000 + 99}`)
    newer.close()
    const before = readFileSync(join(dir, name))
    expect(() => openDatabases(dir, Date.now)).toThrow(/newer Greenroom \(schema 99/)
    expect(readFileSync(join(dir, name))).toEqual(before)
    expect(readdirSync(dir)).not.toContain('damaged')
  },
)

test.each([
  ['studio.db', studioMigrations],
  ['calls.db', callsMigrations],
])('the schema of %s is numbered without gaps', (_name, migrations) => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
})

/** The one step so far starts from nothing; each later one gets a case here that fills the schema before it. */
test('step 1 of studio.db gives a store that keeps agents', async () => {
  const database = openDatabase({ file: file(), synchronous: 'FULL', migrations: studioMigrations.slice(0, 1) })
  expect(database.pragma('synchronous', { simple: true })).toBe(2)
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  const store = createStudioStore(database, Date.now)
  const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
  await store.commit(scope, [{ kind: 'agent.create', id: 'x', agent_id: 'ada', content: { name: 'Ada' }, note: '' }], null)
  expect((await store.agents.list(scope, { deleted: false, limit: 10 })).rows).toMatchObject([{ agent_id: 'ada', name: 'Ada' }])
  database.close()
})
