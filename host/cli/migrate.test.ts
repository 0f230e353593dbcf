import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { MongoClient } from 'mongodb'
import pg from 'pg'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DEFAULT_TENANT, DEFAULT_USER } from '../../core/contract/caller.ts'
import type { Migrated } from '../../core/contract/migrating.ts'
import { callerWith, startTestHost } from '../testing/start-test-host.ts'
import { openMongoStores } from '../stores/mongo/open-mongo-stores.ts'
import { mongod, sharedMongo } from '../stores/testing/mongo-for-tests.ts'
import { hasPostgres, startPostgres } from '../stores/testing/postgres-for-tests.ts'
import { createOutput } from './output.ts'
import { runProgram } from './program.ts'

const KEY = 'sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz012345'
const whole = (agent_id: string, instructions = 'You help.') => ({ agent_id, prompt_config: { instructions } })

/** The second family of clients (production-api, part B). */
const OWNED = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  name: 'Owned Agent',
  description: null,
  is_active: false,
  is_default: true,
  user_id: 'u1',
  llm_provider_config: { provider: 'groq.com', api_key: KEY, model: 'llama-3.3-70b-versatile' },
  tts_provider_config: {
    provider: 'async.ai',
    api_key: '${ASYNC_KEY}',
    voice_id: 'v',
    model_id: 'asyncflow',
    sample_rate: 24000,
  },
  stt_provider_config: { provider: 'whisper.local', url: 'ws://127.0.0.1:9090', path: '/asr' },
  created_at: '2026-01-01T00:00:00Z',
}

/** A new library begins with them. */
const SAMPLES = 4

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'greenroom migrate é-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

const data = () => join(dir, 'data')
async function migrate(argv: readonly string[], signal = new AbortController().signal) {
  let [stdout, stderr] = ['', '']
  const out = createOutput({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) })
  const code = await runProgram(['--data', data(), '--json', 'migrate', ...argv], { out, stdin: Readable.from([]), signal })
  const report = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Migrated)
  return { code, stdout, stderr, report, outcomes: report.map(({ source, outcome }) => `${source} ${outcome}`) }
}

async function withStudio<Value>(work: (studio: Awaited<ReturnType<typeof startTestHost>>) => Promise<Value>): Promise<Value> {
  const studio = await startTestHost({ data_dir: data() })
  try {
    return await work(studio)
  } finally {
    await studio.close()
  }
}

describe('a folder', () => {
  test('every shape is taken, mended or refused in words; the second run changes nothing, a changed document makes a revision', async () => {
    const from = join(dir, 'from')
    mkdirSync(join(from, 'more'), { recursive: true })
    const fixtures = join(import.meta.dirname, '../../core/agent/fixtures')
    for (const name of ['format-0-names', 'format-0-short-view', 'format-0-smallest', 'format-1-whole', 'format-2-newer'])
      cpSync(join(fixtures, `${name}.json`), join(from, `${name}.json`))
    writeFileSync(join(from, 'more', 'list.json'), JSON.stringify({ agents: [OWNED, whole('SMALLEST'), 7] }))
    const exported = {
      _id: { $oid: '65f0c0ffee65f0c0ffee65f0' },
      ...whole('exported'),
      created_at: { $date: '2026-01-01T00:00:00Z' },
    }
    const lines = [exported, { ...whole('bad'), llm_config: { temperature: 9 } }, { ...whole('leaky', `Say ${KEY}`) }]
    writeFileSync(join(from, 'z.jsonl'), [...lines.map((line) => JSON.stringify(line)), '{nonsense', ''].join('\n'))

    const tried = await migrate(['--from', from, '--dry-run'])
    expect(tried.code).toBe(1)
    await withStudio(async ({ call }) => expect((await call('agent.list', {})).count).toBe(SAMPLES))

    const first = await migrate(['--from', from])
    expect(first.outcomes.toSorted()).toEqual(tried.outcomes.toSorted())
    expect(first.outcomes.toSorted()).toEqual([
      'format-0-names.json mended',
      'format-0-short-view.json taken',
      'format-0-smallest.json taken',
      'format-1-whole.json taken',
      'format-2-newer.json refused',
      `${join('more', 'list.json')}#1 mended`,
      `${join('more', 'list.json')}#2 refused`,
      `${join('more', 'list.json')}#3 refused`,
      'z.jsonl:1 taken',
      'z.jsonl:2 refused',
      'z.jsonl:3 refused',
      'z.jsonl:4 refused',
    ])
    const why = Object.fromEntries(
      first.report.map(({ source, problems, mended }) => [source, [...problems.map(({ path }) => path), ...mended]]),
    )
    expect(why['z.jsonl:2']).toEqual(['/llm_config/temperature'])
    expect(why['z.jsonl:3']).toEqual(['/prompt_config/instructions'])
    expect(why['format-0-names.json']).toContain('nothing defines red_flags: optional texts now')
    expect(why[join('more', 'list.json') + '#1']).toEqual([
      expect.stringContaining('instructions'),
      expect.stringContaining('ASYNC_KEY'),
      expect.stringContaining('owned-agent.llm'),
    ])
    expect(first.code).toBe(1)

    await withStudio(async ({ call, host }) => {
      const { head, summary } = await call('agent.get', { agent_id: 'owned-agent' })
      expect(summary).toMatchObject({ name: 'Owned Agent', enabled: false, is_default: true, owner_id: 'u1', version: '1.0.0' })
      expect(head.content).toMatchObject({
        llm_config: { provider: 'groq.com', api_key: 'secret:owned-agent.llm' },
        tts_config: { api_key: 'env:ASYNC_KEY', voice_id: 'v', model: 'asyncflow' },
        stt_config: { base_url: 'ws://127.0.0.1:9090', path: '/asr' },
      })
      expect((await call('agent.get', { agent_id: 'pte-tier-2' })).summary).toMatchObject({ version: '1.1.0', field_count: 3 })
      const { secrets } = await call('secret.list', {})
      expect(JSON.stringify(secrets)).toMatch(/owned-agent\.llm/)
      const validated = await host.dispatch(callerWith('developer'), 'agent.validate', { content: head.content })
      expect(validated).toMatchObject({ ok: true, value: { problems: [] } })
    })
    for (const told of [first.stdout, first.stderr, tried.stdout, readFileSync(join(data(), 'studio.db'), 'latin1')])
      expect(told).not.toContain(KEY)

    const second = await migrate(['--from', from])
    expect(second.report.filter(({ outcome }) => outcome === 'taken' || outcome === 'mended')).toEqual([])
    writeFileSync(join(from, 'format-0-smallest.json'), JSON.stringify(whole('smallest', 'You help better.')))
    await withStudio(async ({ call }) => {
      const { head } = await call('agent.get', { agent_id: 'exported' })
      await call('agent.save', { agent_id: 'exported', content: { ...head.content, name: 'Ours now' }, based_on: 1 })
    })
    const third = await migrate(['--from', from])
    expect(third.report.filter(({ outcome }) => outcome === 'taken')).toMatchObject([{ agent_id: 'smallest', is_new: false }])
    await withStudio(async ({ call }) => {
      expect((await call('agent.get', { agent_id: 'smallest' })).head).toMatchObject({ revision: 2 })
      expect((await call('agent.get', { agent_id: 'exported' })).summary).toMatchObject({ name: 'Ours now', revision: 2 })
    })
  })

  test('stopped between two batches, what was told is there, and the same command goes on', async () => {
    const file = join(dir, 'many.jsonl')
    writeFileSync(file, Array.from({ length: 450 }, (_, index) => JSON.stringify(whole(`a${index}`))).join('\n'))
    const stopping = new AbortController()
    let [stdout, stderr] = ['', '']
    const out = createOutput(
      { write: (text) => (stdout += text) },
      { write: (text) => ((stderr += text), /^200/m.test(text) && stopping.abort()) },
    )
    const run = { out, stdin: Readable.from([]), signal: stopping.signal }
    expect(await runProgram(['--data', data(), 'migrate', '--from', file], run)).toBe(1)
    expect(stderr).toMatch(/200 taken.*\n.*goes on with the rest/)
    await withStudio(async ({ call }) => expect((await call('agent.list', {})).count).toBe(SAMPLES + 200))
    const { report } = await migrate(['--from', file])
    const count = (outcome: string) => report.filter((one) => one.outcome === outcome).length
    expect([count('unchanged'), count('taken')]).toEqual([200, 250])
  })

  test('an address that is none, and a place without documents, say so', async () => {
    expect((await migrate(['--from', 'redis://x'])).stderr).toMatch(/cannot be read from redis/)
    expect((await migrate(['--from', join(dir, 'nowhere')])).stderr).toMatch(/There is nothing at/)
  })
})

test.skipIf(!mongod)('a collection of the clients’ system goes into a store of a server, with its keys sealed', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase for this test')
  const from = await sharedMongo({ replica_set: false })
  const to = await sharedMongo({ replica_set: true })
  const client = await new MongoClient(from).connect()
  const collection = client.db().collection('old')
  await collection.insertMany([
    { ...whole('one'), updated_at: new Date() },
    { ...OWNED },
    { ...whole('two'), prompt_config: null },
  ])
  const run = () => migrate(['--from', from, '--collection', 'old', '--to', to])
  expect((await run()).report.map(({ agent_id, outcome }) => [agent_id, outcome])).toEqual([
    ['one', 'taken'],
    ['owned-agent', 'mended'],
    ['two', 'refused'],
  ])
  await collection.updateOne({ agent_id: 'one' }, { $set: { 'prompt_config.instructions': 'New.', version: '2.0.0' } })
  expect((await run()).report.map(({ outcome }) => outcome)).toEqual(['taken', 'unchanged', 'refused'])
  expect((await migrate(['--from', from])).stderr).toMatch(/has no documents in .*agent_configurations/)
  await client.close()

  const stores = await openMongoStores(to, { clock: Date.now, log: pino({ level: 'silent' }) })
  const scope = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER }
  expect(await stores.store.agents.served(scope, 'one')).toMatchObject({ revision: 2, version: '2.0.0' })
  expect((await stores.store.secrets.list(scope)).map(({ name }) => name)).toEqual(['owned-agent.llm'])
  const audit = await stores.store.audit.list(scope, 0, 50)
  expect(audit.filter(({ action }) => action === 'agent.migrate')).toMatchObject([{ subject: '2 agents' }, { subject: 'one' }])
  await stores.close()
})

test.skipIf(!hasPostgres)('a table is read: documents in a column, or a column for each part', async () => {
  const { url, close } = await startPostgres()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `create table agents (id uuid, name text, is_active bool, llm_provider_config jsonb, created_at timestamptz default now())`,
  )
  await client.query(`insert into agents values ('0190a1b2-0000-7000-8000-000000000002', 'Groq "one"', true, $1)`, [
    { provider: 'groq.com', model: 'm' },
  ])
  await client.query(`create schema old; create table old."Agent Documents" (agent_id text, enabled bool, config jsonb)`)
  await client.query(`insert into old."Agent Documents" values ('ada', false, $1), ('eve', true, '[]')`, [whole('ada')])
  await client.end()
  expect((await migrate(['--from', url])).report).toMatchObject([{ agent_id: 'groq-one', outcome: 'mended' }])
  const { report } = await migrate(['--from', url, '--table', 'old.Agent Documents'])
  expect(report).toMatchObject([{ agent_id: 'ada', outcome: 'taken' }, { outcome: 'refused' }])
  await withStudio(async ({ call }) => expect((await call('agent.get', { agent_id: 'ada' })).summary.enabled).toBe(false))
  expect((await migrate(['--from', url, '--table', 'none'])).stderr).toMatch(/There is no table .*none/)
  await close()
})
