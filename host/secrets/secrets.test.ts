import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { secretOperations } from '../../core/contract/secrets.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { LOCAL_TENANT, LOCAL_USER } from '../../core/contract/caller.ts'
import type { Keychain } from './keychain.ts'
import { secretHandlers } from './secret-handlers.ts'
import { previewEnvFile } from './env-file.ts'
import { createSecrets } from './secrets.ts'
import type { SecretsOptions } from './secrets.ts'

const CANARY = 'sk-canary-7f3a9c51e2'
let data_dir: string
let logged: string[]
beforeEach(async () => {
  data_dir = await mkdtemp(join(tmpdir(), 'secrets ü '))
  logged = []
})

const open = (options: Partial<SecretsOptions> = {}) =>
  createSecrets({
    data_dir,
    log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
    clock: () => 1000,
    environment: {},
    keychain: async () => undefined,
    ...options,
  })

/** Every byte of the folder, as text that shows a value in clear, base64 or hex. */
async function everythingOnDisk(): Promise<string> {
  const names = await readdir(data_dir, { recursive: true })
  const files = await Promise.all(names.map((name) => readFile(join(data_dir, name)).catch(() => Buffer.alloc(0))))
  return files.map((bytes) => bytes.toString('latin1')).join('\n')
}
const disguises = (value: string) => [
  value,
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
  Buffer.from(value).toString('hex'),
]

/** A keychain as the systems have one; only the vendor is not real. */
function fakeKeychain(): Keychain & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    get: async (account) => entries.get(account),
    set: async (account, value) => void entries.set(account, value),
    delete: async (account) => void entries.delete(account),
  }
}

test('without a keychain a secret is sealed in a private file, with a warning, and is there after a restart', async () => {
  const secrets = open()
  await secrets.set('openai', `  ${CANARY}\n`)
  expect(await secrets.protection()).toMatchObject({
    protection: 'encrypted_file',
    warning: expect.stringContaining('GREENROOM_SECRET_KEY'),
  })
  expect(await open().resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
  if (process.platform !== 'win32') {
    for (const file of ['secrets.json', 'secrets.key']) expect((await stat(join(data_dir, file))).mode & 0o777).toBe(0o600)
  }
})

test('a passphrase keeps the key off the disk; with another one the secret stays shut and is not lost', async () => {
  const environment = { GREENROOM_SECRET_KEY: 'correct horse battery' }
  const keychain = fakeKeychain()
  await open({ environment, keychain: async () => keychain }).set('openai', CANARY)
  expect(keychain.entries.size).toBe(0)
  expect(await readdir(data_dir)).toEqual(['secrets.json'])
  expect((await open({ environment }).protection()).warning).toBeUndefined()
  const wrong = open({ environment: { GREENROOM_SECRET_KEY: 'wrong' } })
  await expect(wrong.resolve(['secret:openai'])).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('openai'),
  })
  expect(await open({ environment }).resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
})

test('with a keychain nothing of it is on the disk but its name, and two folders do not meet', async () => {
  const keychain = fakeKeychain()
  const secrets = open({ keychain: async () => keychain })
  const state = await secrets.set('openai', CANARY)
  expect(state).toEqual({ reference: 'secret:openai', present: true, kept_in: 'keychain', updated_at: 1000 })
  data_dir = await mkdtemp(join(tmpdir(), 'other '))
  const other = open({ keychain: async () => keychain })
  await other.set('openai', 'another')
  expect(await secrets.resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
  await secrets.delete('openai')
  await secrets.delete('openai')
  expect([...keychain.entries.values()]).toEqual(['another'])
})

test('what is missing is named, with the way out; a pasted key is not repeated', async () => {
  const secrets = open({ environment: { DEEPGRAM_API_KEY: 'dg', EMPTY: '' } })
  expect(await secrets.resolve(['env:DEEPGRAM_API_KEY'])).toEqual({ 'env:DEEPGRAM_API_KEY': 'dg' })
  await expect(
    secrets.resolve(['env:OPENAI_API_KEY', 'secret:groq', 'env:EMPTY', 'env:toString', 'secret:constructor']),
  ).rejects.toMatchObject({
    code: 'not_found',
    message: 'A key is missing: env:OPENAI_API_KEY, secret:groq, env:EMPTY, env:toString, secret:constructor',
    hint: expect.stringContaining('Models & keys'),
  })
  const refused = await secrets.resolve([CANARY]).catch((cause: unknown) => cause)
  expect(refused).toMatchObject({ code: 'malformed' })
  expect(JSON.stringify(refused)).not.toContain(CANARY)
})

test('states tell where a key would come from', async () => {
  const secrets = open({ environment: { OPENAI_API_KEY: 'x' } })
  await secrets.set('mine', CANARY)
  expect(await secrets.states(['env:OPENAI_API_KEY', 'env:NONE', 'secret:mine', 'secret:none'])).toEqual([
    { reference: 'secret:mine', present: true, kept_in: 'encrypted_file', updated_at: 1000 },
    { reference: 'env:OPENAI_API_KEY', present: true, kept_in: 'environment' },
    { reference: 'env:NONE', present: false, kept_in: 'nowhere' },
    { reference: 'secret:none', present: false, kept_in: 'nowhere' },
  ])
})

test('an entry moved to another name, or a damaged file, is refused and kept', async () => {
  const secrets = open()
  await secrets.set('a', CANARY)
  const path = join(data_dir, 'secrets.json')
  await writeFile(path, (await readFile(path, 'utf8')).replace('"a"', '"b"'))
  await expect(secrets.resolve(['secret:b'])).rejects.toMatchObject({ code: 'unavailable' })
  await writeFile(path, '{"format": 2')
  await expect(secrets.set('c', 'x')).rejects.toMatchObject({ code: 'unavailable' })
  expect(await readFile(path, 'utf8')).toBe('{"format": 2')
})

test('many changes at once all arrive', async () => {
  const secrets = open()
  const names = Array.from({ length: 20 }, (_, i) => `key-${i}`)
  await Promise.all(names.map((name) => secrets.set(name, `value of ${name}`)))
  expect(Object.values(await secrets.resolve(names.map((name) => `secret:${name}`)))).toHaveLength(20)
})

test('the canary is in no file, no log line and no reply', async () => {
  const secrets = open()
  const audited: unknown[] = []
  const store = { commit: async (...row: unknown[]) => void audited.push(row) }
  const handlers = secretHandlers({ secretsOf: () => secrets, store, emit: () => undefined })
  const caller: Caller = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin', via: 'test' }
  const context = { caller, signal: new AbortController().signal, progress: () => undefined }
  const replies = [
    secretOperations['secret.set'].output.parse(await handlers['secret.set']({ name: 'openai', value: CANARY }, context)),
    secretOperations['secret.list'].output.parse(await handlers['secret.list']({ references: ['secret:openai'] }, context)),
    await secrets.resolve(['secret:openai', 'secret:none']).catch((cause: unknown) => cause),
  ]
  expect(audited).toMatchObject([[caller, [], { action: 'secret.set', subject: 'openai', detail: {} }]])
  const seen = [await everythingOnDisk(), logged.join('\n'), JSON.stringify([replies, audited])].join('\n')
  for (const disguise of disguises(CANARY)) expect(seen).not.toContain(disguise)
  expect(await handlers['secret.delete']({ name: 'openai' }, context)).toEqual({})
  await rm(data_dir, { recursive: true })
})

test('a passphrase typed in the studio seals the file anew; the next start is locked until it is typed again', async () => {
  const before = open()
  await before.set('openai', CANARY)
  await before.protect('correct horse battery')
  expect(await before.protection()).toEqual({ protection: 'passphrase_file' })
  expect(await before.resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
  expect(await readdir(data_dir)).toEqual(['secrets.json'])

  const next = open()
  expect(await next.protection()).toEqual({ protection: 'locked' })
  await expect(next.resolve(['secret:openai'])).rejects.toMatchObject({ code: 'unavailable', message: 'The keys are locked' })
  await expect(next.set('groq', 'gsk')).rejects.toMatchObject({ code: 'unavailable' })
  await expect(next.unlock('wrong')).rejects.toMatchObject({ code: 'forbidden' })
  await next.unlock('correct horse battery')
  expect(await next.resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
  const byVariable = open({ environment: { GREENROOM_SECRET_KEY: 'correct horse battery' } })
  expect(await byVariable.resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })

  const byWrong = open({ environment: { GREENROOM_SECRET_KEY: 'another' } })
  expect(await byWrong.protection()).toEqual({ protection: 'locked' })
  await expect(byVariable.protect('')).rejects.toMatchObject({ code: 'conflict' })
  await expect(byVariable.protect('a new one')).rejects.toMatchObject({ code: 'conflict' })

  await next.protect('')
  expect(await open().protection()).toMatchObject({ protection: 'encrypted_file', warning: expect.any(String) as string })
  expect(await open().resolve(['secret:openai'])).toEqual({ 'secret:openai': CANARY })
})

test('where a keychain keeps the keys there is nothing to put a passphrase on', async () => {
  const keychain = fakeKeychain()
  await expect(open({ keychain: async () => keychain }).protect('x')).rejects.toMatchObject({ code: 'conflict' })
})

test('of a .env file the keys are kept, the rest is named with its line, and env: finds what was imported', async () => {
  const secrets = open()
  const text = [
    '# keys',
    `export OPENAI_API_KEY="${CANARY}"`,
    'LOG_LEVEL=debug',
    'EMPTY_KEY=',
    "DEEPGRAM_TOKEN='dg #1'",
    `WEBHOOK=https://example.com/${'sk-' + 'a1B2'.repeat(8)}`,
  ].join('\r\n')
  expect(previewEnvFile(text)).toEqual([
    { name: 'OPENAI_API_KEY', line: 2, possible: true },
    { name: 'LOG_LEVEL', line: 3, possible: true, skip: 'does not look like a key' },
    { name: 'EMPTY_KEY', line: 4, possible: false, skip: 'empty' },
    { name: 'DEEPGRAM_TOKEN', line: 5, possible: true },
    { name: 'WEBHOOK', line: 6, possible: true },
  ])
  expect(await secrets.importEnv(text)).toEqual({
    stored: ['OPENAI_API_KEY', 'DEEPGRAM_TOKEN', 'WEBHOOK'],
    skipped: [
      { name: 'LOG_LEVEL', line: 3, reason: 'does not look like a key' },
      { name: 'EMPTY_KEY', line: 4, reason: 'empty' },
    ],
  })
  expect(await secrets.resolve(['env:OPENAI_API_KEY', 'secret:DEEPGRAM_TOKEN'])).toEqual({
    'env:OPENAI_API_KEY': CANARY,
    'secret:DEEPGRAM_TOKEN': 'dg #1',
  })
  expect(await secrets.states(['env:OPENAI_API_KEY', 'env:OTHER'])).toContainEqual({
    reference: 'env:OPENAI_API_KEY',
    present: true,
    kept_in: 'encrypted_file',
    updated_at: 1000,
  })
  expect(await secrets.importEnv('LOG_LEVEL=debug\nOPENAI_API_KEY=x', ['LOG_LEVEL'])).toMatchObject({ stored: ['LOG_LEVEL'] })
  for (const disguise of disguises(CANARY)) expect(await everythingOnDisk()).not.toContain(disguise)
})
