import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contentHash } from '../../../core/agent/content-hash.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../../core/contract/caller.ts'
import { v7 } from 'uuid'
import { SessionId, TurnId } from '../../../core/contract/ids.ts'
import { UNTOLD_MS } from '../../../core/session/heard-by-caller.ts'
import { agentColumns } from '../sql/agent-columns.ts'
import { callsMigrations } from './calls-migrations.ts'
import { callStoreOn, studioStoreOn } from './stores-on.ts'
import { findChangedText } from './mend-agents.ts'
import { migrate, schemaVersion, type Migration } from './migrate.ts'
import { openDatabase, requireSqlite } from './open-database.ts'
import { openDatabases } from './open-databases.ts'
import { studioMigrations } from './studio-migrations.ts'

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

const scope = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
const openStudio = (steps: number) =>
  openDatabase({ file: file(), synchronous: 'FULL', migrations: studioMigrations.slice(0, steps) })
const openCalls = (steps: number) =>
  openDatabase({ file: file(), synchronous: 'NORMAL', migrations: callsMigrations.slice(0, steps) })

/** As the first build wrote it. */
function addOldAgent(database: Database, content: DocumentJson) {
  const text = JSON.stringify(content)
  const { routing: _unknown, ...known } = content
  const { routing: _later, ...columns } = agentColumns('ada', known)
  const row = { ...columns, ...scope, agent_id: 'ada', revision: 1, content_hash: contentHash(content), at: 5 }
  database
    .prepare(
      `insert into agent (tenant_id, agent_id, id, name, name_key, description, agent_type, tags, search_text, field_count, checksum,
         revision, content_hash, created_at, updated_at)
       values (@tenant_id, @agent_id, 'x', @name, @name_key, @description, @agent_type, @tags, @search_text, @field_count, @checksum,
         @revision, @content_hash, @at, @at)`,
    )
    .run(row)
  database
    .prepare(
      `insert into agent_revision (tenant_id, agent_id, revision, content, checksum, content_hash, author, note, created_at)
       values (@tenant_id, @agent_id, 1, @text, @crc, @content_hash, 'local', '', 5)`,
    )
    .run({ ...row, text, crc: crc32(text) })
}

test('step 1 of studio.db is durable, and later steps keep its agents and settings', async () => {
  const before = openStudio(1)
  expect(before.pragma('synchronous', { simple: true })).toBe(2)
  expect(before.pragma('journal_mode', { simple: true })).toBe('wal')
  addOldAgent(before, { name: 'Ada' })
  before.prepare("insert into setting (tenant_id, key, value) values ('local', 'theme', '\"dark\"')").run()
  before.close()
  const database = openStudio(studioMigrations.length)
  const store = studioStoreOn(database, Date.now)
  expect((await store.agents.list(scope, { deleted: false, limit: 10 })).rows).toMatchObject([{ agent_id: 'ada', name: 'Ada' }])
  expect((await store.agents.find(scope, 'ada'))?.head.content).toEqual({ name: 'Ada' })
  expect(await store.settings.all(scope)).toEqual({ theme: 'dark' })
  expect([await store.providers.prices(scope), await store.providers.checks(scope)]).toEqual([[], []])
  const of = { kind: 'stt', provider: 'p', model: 'm' } as const
  const price = { per: 'minute', usd: 0.1, as_of: '2026-11', source: 'me' } as const
  await store.commit(scope, [{ kind: 'price.set', of, price }], { action: 'a', subject: 's', detail: {} })
  expect(await store.providers.prices(scope)).toEqual([{ ...of, price }])
  expect(await store.audit.findBreak(scope)).toBeUndefined()
  database.close()
})

test('step 4 of studio.db knows what leads to agents that were saved before it, and to those saved after', async () => {
  const before = openStudio(3)
  addOldAgent(before, { name: 'Ada', routing: { purposes: ['math'] } })
  before.close()
  const database = openStudio(studioMigrations.length)
  const store = studioStoreOn(database, Date.now)
  expect(await store.routing.routes(scope)).toMatchObject([{ agent_id: 'ada', enabled: true, routing: { purposes: ['math'] } }])
  expect(findChangedText(database)).toBeUndefined()
  const content = { name: 'Ada', routing: { purposes: ['art'] } }
  await store.commit(scope, [{ kind: 'agent.revise', agent_id: 'ada', content, based_on: 1, note: '' }], null)
  expect(await store.routing.routes(scope, 'ada')).toMatchObject([{ routing: { purposes: ['art'] } }])
  await store.commit(scope, [{ kind: 'agent.revise', agent_id: 'ada', content: { name: 'Ada' }, based_on: 2, note: '' }], null)
  expect((await store.routing.routes(scope, 'ada'))[0]?.routing).toBeUndefined()
  expect(findChangedText(database)).toBeUndefined()
  database.close()
})

test('step 2 of calls.db keeps calls and their turns, which have no cost, and prices the next turn', async () => {
  const session_id = SessionId.parse(v7())
  const turn_id = TurnId.parse(v7())
  const before = openCalls(1)
  before
    .prepare(
      `insert into session (session_id, tenant_id, user_id, kind, modality, agent_id, agent_name, revision, state, attempt, last_seq, input, started_at)
       values (?, ?, ?, 'direct', 'text', 'ada', 'Ada', 1, 'active', 1, 1, '{}', 5)`,
    )
    .run(session_id, scope.tenant_id, scope.user_id)
  before
    .prepare(
      `insert into turn (turn_id, session_id, turn_index, attempt, source, revision, state, started_at, usage)
       values (?, ?, 0, 1, 'text', 1, 'open', 6, '{}')`,
    )
    .run(turn_id, session_id)
  before.close()
  const database = openCalls(callsMigrations.length)
  const calls = callStoreOn(database)
  const old = await calls.find(scope, session_id)
  expect(old).toMatchObject({ agent_name: 'Ada', started_at: 5 })
  expect(old).not.toHaveProperty('cost_nano_usd')
  const part = { kind: 'llm', provider: 'p', model: 'm', usage: {}, nano_usd: 1500 } as const
  const event = { type: 'turn.committed', turn_id, spoken: '', interrupted: false, times: {}, metrics: {}, usage: {} } as const
  const events = [{ ...event, cost: [part], attempt: 1, seq: 2, at: 9, at_ms: 4 }]
  const [now] = await calls.commit(scope, [{ kind: 'journal.append', session_id, events }])
  expect(now).toMatchObject({ agent_name: 'Ada', cost_nano_usd: 1500 })
  expect(database.prepare('select usage, cost from turn').get()).toEqual({ usage: '{}', cost: JSON.stringify([part]) })
  database.close()
})

test('step 3 of calls.db keeps calls, which are direct and nobody holds, and adds rooms', async () => {
  const session_id = SessionId.parse(v7())
  const before = openCalls(2)
  before
    .prepare(
      `insert into session (session_id, tenant_id, user_id, kind, modality, agent_id, agent_name, revision, state, attempt, last_seq, input,
         started_at, ended_at, end_reason, cost_nano_usd)
       values (?, ?, ?, 'direct', 'text', 'ada', 'Ada', 1, 'ended', 1, 1, '{"variables":{},"script":[],"seed":4}', 5, 9, 'stopped', 7)`,
    )
    .run(session_id, scope.tenant_id, scope.user_id)
  before.prepare(`insert into journal values (?, 1, 1, 5, 'notice', '{}')`).run(session_id)
  before.close()
  const database = openCalls(3)
  const calls = callStoreOn(database)
  const old = await calls.find(scope, session_id)
  expect(old).toMatchObject({ agent_name: 'Ada', ended_at: 9, cost_nano_usd: 7, input: { seed: 4 } })
  for (const key of ['room', 'route', 'recoveries', 'lease']) expect(old).not.toHaveProperty(key)
  expect((await calls.journal(scope, session_id, { attempt: 0, seq: 0 }, 9)).events).toHaveLength(1)
  const lease = { owner: 'me', lease_until: 100 }
  await calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 2, lease }])
  expect(await calls.find(scope, session_id)).toMatchObject({ attempt: 2, state: 'starting', lease })
  database.close()
})

test('step 4 of calls.db marks calls whose median silence was estimated', () => {
  const before = openCalls(3)
  const add = (session_id: string, t6_uncertainty_ms: number) => {
    before
      .prepare(
        `insert into session (session_id, tenant_id, user_id, kind, modality, agent_id, agent_name, revision, state, attempt, last_seq, input,
           started_at, silence_p50_ms) values (?, ?, ?, 'room', 'voice', 'ada', 'Ada', 1, 'ended', 1, 1, '{}', 5, 700)`,
      )
      .run(session_id, scope.tenant_id, scope.user_id)
    before
      .prepare(
        `insert into turn (turn_id, session_id, turn_index, attempt, source, revision, state, started_at, silence_ms, times)
         values (?, ?, 0, 1, 'voice', 1, 'committed', 6, 700, ?)`,
      )
      .run(`turn of ${session_id}`, session_id, JSON.stringify({ t0: 0, t6: 700, t6_uncertainty_ms }))
  }
  add('estimated', UNTOLD_MS)
  add('heard', 4)
  before.close()
  const database = openCalls(4)
  expect(database.prepare('select session_id, silence_sent from session order by session_id').all()).toEqual([
    { session_id: 'estimated', silence_sent: 1 },
    { session_id: 'heard', silence_sent: 0 },
  ])
  database.close()
})

test('step 6 of calls.db knows whose calls the old ones are, as far as somebody said it', async () => {
  const before = openCalls(5)
  const inputs = [
    { user_id: 'zoe' },
    { as: { user_id: 'zoe' }, variables: {} },
    { variables: { user_id: 'zoe' } },
    { variables: { user_id: 7 } },
    {},
  ].map((input) => JSON.stringify({ variables: {}, script: [], seed: 4, ...input }))
  const add = before.prepare(
    `insert into session (session_id, tenant_id, user_id, kind, modality, agent_id, agent_name, revision, state, attempt, last_seq, input,
       started_at, ended_at) values (?, 'local', 'local', 'direct', 'text', 'ada', 'Ada', 1, 'ended', 1, 1, ?, 5, 9)`,
  )
  for (const input of [...inputs, 'damaged']) add.run(v7(), input)
  before.close()
  const database = openCalls(callsMigrations.length)
  const calls = callStoreOn(database)
  expect(await calls.removeEnded(scope, { user_id: 'zoe' }, 10)).toHaveLength(3)
  expect(await calls.list(scope, { limit: 10 })).toMatchObject({ count: 3 })
  database.close()
})
