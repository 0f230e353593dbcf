import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { startServedHost } from '../testing/start-served-host.ts'
import { runProgram } from './program.ts'

afterEach(() => vi.unstubAllEnvs())

/** One command line, as a person types it. */
async function run(...argv: string[]) {
  const lines: string[] = []
  const notes: string[] = []
  const out = {
    result: (text: string) => void lines.push(text),
    json: (value: unknown) => void lines.push(JSON.stringify(value)),
    note: (text: string) => void notes.push(text),
    progress: () => undefined,
  }
  const code = await runProgram(argv, { out, stdin: Readable.from([]), signal: new AbortController().signal })
  return { code, text: lines.join('\n'), notes: notes.join('\n') }
}

test('keys, tenants and the audit of a server that does not run, in its store', async () => {
  for (const name of ['GREENROOM_URL', 'DATABASE_URL', 'MONGO_URI']) vi.stubEnv(name, '')
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  const dir = await mkdtemp(join(tmpdir(), 'greenroom cli ü '))
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))
  const on = (...argv: string[]) => run('--data', dir, ...argv)

  const made = await on('tenants', 'create', 'Acme', '--id', 'acme')
  expect(made).toMatchObject({ code: 0, text: expect.stringMatching(/^gr_\w{49}$/) as string })
  expect(made.notes).toContain('Tenant acme')
  expect((await on('tenants', 'create', 'Other', '--id', 'a-b')).notes).toContain('must be 1-64 lower-case letters')
  expect(
    await on('tenants', 'set', 'acme', '--sessions', '5', '--minutes', 'none', '--private-addresses', 'on', '--kept-days', '9'),
  ).toMatchObject({
    text: 'acme: enabled; sessions 5, private addresses, calls kept 9 days',
  })
  expect((await on('tenants', 'list')).text).toMatch(/acme\s+Acme\s+enabled\s+sessions 5, private addresses, calls kept 9 days/)

  const key = await on('keys', '--tenant', 'acme', 'create', 'for tests', '--user', 'admin', '--role', 'viewer', '--days', '3')
  expect(key.text).toMatch(/^gr_\w{49}$/)
  const listed = await run('--data', dir, '--json', 'keys', '--tenant', 'acme', 'list')
  const keys = JSON.parse(listed.text) as { key_id: string; name: string }[]
  expect(keys.map(({ name }) => name).sort()).toEqual(['First key', 'for tests'])
  expect(listed.text).not.toContain(key.text)
  const key_id = keys.find(({ name }) => name === 'for tests')?.key_id ?? ''
  expect((await on('keys', '--tenant', 'acme', 'revoke', key_id)).text).toContain('refused from now on')
  expect((await on('keys', '--tenant', 'acme', 'list')).text).toMatch(/for tests\s+admin\s+viewer\s+revoked/)
  expect(await on('keys', 'create', 'x', '--role', 'root')).toMatchObject({ code: 2 })
  expect((await on('secrets', 'rotate')).text).toBe('0 sealed anew, 0 were already; 2 tenants.')

  expect(await on('audit', '--tenant', 'acme', 'verify')).toMatchObject({
    code: 0,
    text: expect.stringContaining('4 rows') as string,
  })
  const database = new Database(join(dir, 'studio.db'))
  database.prepare(`update audit set subject = 'somebody else' where tenant_id = 'acme' and action = 'key.revoke'`).run()
  database.close()
  expect(await on('audit', 'verify')).toMatchObject({
    code: 1,
    text: expect.stringMatching(/^acme: Row \d+ does not follow[^]*\ndefault: \d+ rows, each follows/) as string,
  })
  expect(await on('audit', '--tenant', 'acme', 'verify')).toMatchObject({
    code: 1,
    text: expect.stringContaining('Row 4 does not') as string,
  })
})

test('init makes folder and store, again changes nothing, and leaves the first key to the first start', async () => {
  for (const name of ['DATABASE_URL', 'MONGO_URI']) vi.stubEnv(name, '')
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  const dir = await mkdtemp(join(tmpdir(), 'greenroom init ü '))
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))
  const at = join(dir, 'not there yet')
  const plain = await run('--data', at, 'init')
  expect(plain).toMatchObject({ code: 0, notes: expect.stringContaining('greenroom serve') as string })
  expect(plain.text).toContain('Agents: none yet')
  for (const _ of ['once', 'again']) {
    const { text, code } = await run('--data', at, '--json', 'init', '--samples')
    const { agents } = JSON.parse(text) as { agents: string[] }
    expect({ code, agents: agents.filter((id) => id.startsWith('sales-agent')).length }).toEqual({ code: 0, agents: 1 })
    expect(new Set(agents).size).toBe(agents.length)
  }
  expect((await run('--data', at, '--json', 'keys', 'list')).text).toBe('[]')
  expect(await run('--data', at, 'init', '--store', 'redis://x')).toMatchObject({ code: 1 })
})

test('the same of a server that runs, with a key', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  vi.stubEnv('GREENROOM_API_KEY', '')
  const served = await startServedHost(['acme'])
  const api = await served.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
  onTestFinished(async () => {
    await api.close()
    await served.close()
  })
  const url = api.addresses[0] ?? ''
  expect((await run('keys', '--server', url, 'list')).notes).toContain('GREENROOM_API_KEY')
  vi.stubEnv('GREENROOM_API_KEY', served.keys['acme'] ?? '')
  vi.stubEnv('GREENROOM_URL', url)
  const key = await run('keys', 'create', 'mine', '--days', '1')
  expect(key.text).toMatch(/^gr_\w{49}$/)
  expect((await run('keys', 'list')).text).toMatch(/mine\s+admin\s+developer\s+until 20/)
  expect(await run('tenants', 'list')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('needs the role "operator"') as string,
  })
  expect((await run('audit', 'verify')).text).toContain('each follows')
  vi.stubEnv('GREENROOM_API_KEY', (await served.host.makeFirstKey()) ?? '')
  expect((await run('tenants', 'set', 'acme', '--requests', '100')).text).toBe('acme: enabled; requests_per_minute 100')
  expect((await run('audit', '--tenant', 'acme', 'verify')).text).toMatch(/^3 rows/)
  expect((await run('keys', '--tenant', 'none', 'list')).notes).toContain('There is no tenant "none"')
  // The folder is held by the server that runs.
  vi.stubEnv('GREENROOM_URL', '')
  expect((await run('--data', served.dir, 'keys', 'list')).notes).toContain('A running server holds the data folder')
})
