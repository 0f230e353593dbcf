import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { Caller } from '../../core/contract/caller.ts'
import { AgentId } from '../../core/contract/ids.ts'
import type { InputOf, OperationName } from '../../core/contract/index.ts'
import { document } from '../sessions/testing/document.ts'
import { newTenant } from '../access/tenant-handlers.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite-stores.ts'
import { callerOf, OPERATOR, startServedHost } from '../testing/start-served-host.ts'
import { createEnvelope } from './envelope.ts'
import { openKeyRing, requireStrongPassphrase } from './key-ring.ts'
import { rotateSecrets } from './rotate-secrets.ts'
import { createStoredSecrets } from './stored-secrets.ts'

const CANARY = 'sk-canary-91aa07be4f63'
const DISGUISES = [CANARY, btoa(CANARY).replace(/=+$/, ''), Buffer.from(CANARY).toString('hex')]

beforeEach(() => vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test'))
afterEach(() => vi.unstubAllEnvs())

async function everythingOnDisk(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true })
  const files = await Promise.all(names.map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0))))
  return files.map((bytes) => bytes.toString('latin1')).join('\n')
}

test('a secret of a tenant is sealed for this tenant and this name, and opens nowhere else', async () => {
  const environment = { GREENROOM_SECRET_KEY: randomBytes(32).toString('base64') }
  const envelope = createEnvelope(openKeyRing({ environment }))
  const sealed = await envelope.seal('acme', 'openai', CANARY, 1)
  for (const disguise of DISGUISES) expect(JSON.stringify(sealed)).not.toContain(disguise)
  expect(await envelope.open('acme', sealed)).toBe(CANARY)
  expect((await envelope.seal('acme', 'openai', CANARY, 1)).sealed).not.toBe(sealed.sealed)

  const other = await envelope.seal('acme', 'openai', 'another', 1)
  const flipped = Buffer.from(sealed.sealed, 'base64')
  flipped[20] = (flipped[20] ?? 0) ^ 1
  for (const [tenant, wrong] of [
    ['rival', sealed],
    ['acme', { ...sealed, name: 'groq' }],
    ['acme', { ...sealed, sealed: other.sealed }],
    ['acme', { ...sealed, sealed_key: other.sealed_key }],
    ['acme', { ...sealed, sealed: flipped.toString('base64') }],
    ['acme', { ...sealed, sealed: 'AAAA' }],
    ['acme', { ...sealed, key_id: '0000000000000000' }],
  ] as const)
    await expect(envelope.open(tenant, wrong)).rejects.toMatchObject({ code: 'unavailable' })

  const elsewhere = createEnvelope(openKeyRing({ environment: { GREENROOM_SECRET_KEY: 'another passphrase' } }))
  await expect(elsewhere.open('acme', sealed)).rejects.toMatchObject({ code: 'unavailable' })
  // The same on every instance, whichever way the key is given.
  const passphrase = { GREENROOM_SECRET_KEY: 'correct horse battery' }
  const [one, two] = [passphrase, passphrase].map((given) => createEnvelope(openKeyRing({ environment: given })))
  expect(await two?.open('acme', (await one?.seal('acme', 'x', 'y', 1)) ?? sealed)).toBe('y')
  const none = createEnvelope(openKeyRing({ environment: {} }))
  await expect(none.seal('acme', 'x', 'y', 1)).rejects.toMatchObject({ code: 'unavailable' })
})

test('a server refuses a passphrase that is soon guessed, before it seals anything with it', () => {
  const given = (GREENROOM_SECRET_KEY: string) => () => requireStrongPassphrase({ GREENROOM_SECRET_KEY })
  expect(given('hunter2')).toThrow('GREENROOM_SECRET_KEY has 7 characters')
  expect(given('hunter2        ')).toThrow('GREENROOM_SECRET_KEY has 7 characters')
  for (const one of ['', 'sixteen letters!', Buffer.alloc(32, 7).toString('base64')]) expect(given(one)).not.toThrow()
})

test('tenants see and use their own secrets alone, and the environment only where the operator trusts them with it', async () => {
  vi.stubEnv('GREENROOM_ENVIRONMENT_TENANTS', 'trusted')
  vi.stubEnv('OPENAI_API_KEY', 'of the server')
  const served = await startServedHost(['acme', 'rival', 'trusted'])
  onTestFinished(served.close)
  const acme = callerOf('acme')
  await served.get(acme, 'secret.set', { name: 'openai', value: 'mine' })
  expect(await served.get(acme, 'secret.import_env', { text: 'GROQ_API_KEY=gsk_1\nNAME=x\n' })).toMatchObject({
    stored: ['GROQ_API_KEY'],
    skipped: [{ name: 'NAME' }],
  })
  const references = ['env:OPENAI_API_KEY', 'secret:openai', 'env:GROQ_API_KEY']
  const states = async (tenant: string) => {
    const { secrets } = await served.get(callerOf(tenant, 'developer'), 'secret.list', { references })
    return secrets.map(({ reference, kept_in }) => `${reference} ${kept_in}`).sort()
  }
  expect(await states('acme')).toEqual([
    ...['env:GROQ_API_KEY store', 'env:OPENAI_API_KEY nowhere'],
    ...['secret:GROQ_API_KEY store', 'secret:openai store'],
  ])
  expect(await states('rival')).toEqual(references.map((reference) => `${reference} nowhere`).sort())
  expect(await states('trusted')).toContain('env:OPENAI_API_KEY environment')
  // What the server runs on is no provider's key: an agent could send it to an address of its own.
  vi.stubEnv('GREENROOM_SECRET_KEY', 'of the server itself')
  vi.stubEnv('DATABASE_URL', 'postgres://of:the@server/')
  const own = { references: ['env:GREENROOM_SECRET_KEY', 'env:DATABASE_URL', 'env:GREENROOM_STORE_KEY'] }
  for (const tenant of ['default', 'trusted'])
    for (const { kept_in } of (await served.get(callerOf(tenant, 'developer'), 'secret.list', own)).secrets)
      expect(kept_in).toBe('nowhere')
  // The pair of the rooms signs who is of which tenant; LiveKit Inference has one of its own.
  vi.stubEnv('LIVEKIT_API_SECRET', 'of the rooms')
  const wanted = { references: ['env:LIVEKIT_API_SECRET'] }
  const pair = async () => (await served.get(callerOf('trusted', 'developer'), 'secret.list', wanted)).secrets[0]
  expect(await pair()).toMatchObject({ kept_in: 'nowhere' })
  vi.stubEnv('LIVEKIT_INFERENCE_API_SECRET', 'of the models')
  expect(await pair()).toMatchObject({ kept_in: 'environment' })

  const { rows } = await served.get(acme, 'audit.list', {})
  expect(rows.filter(({ action }) => action.startsWith('secret.')).map(({ action, detail }) => [action, detail])).toEqual([
    ['secret.set', { names: ['openai'] }],
    ['secret.import_env', { names: ['GROQ_API_KEY'] }],
  ])
  await served.get(acme, 'secret.delete', { name: 'openai' })
  expect(await states('acme')).toContain('secret:openai nowhere')
  expect(await served.as(acme, 'secret.protect', { passphrase: 'mine' })).toMatchObject({ error: { code: 'unsupported' } })
  expect(await served.as(acme, 'secret.rotate', {})).toMatchObject({ error: { code: 'forbidden' } })
  expect(await served.get(OPERATOR, 'secret.rotate', {})).toEqual({ tenants: 4, resealed: 0, kept: 1 })
})

test('another key of the server: the old one opens what it sealed, until all is sealed anew', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'greenroom keys '))
  const stores = await openSqliteStores(dir, { clock: Date.now, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await stores.close()
    await rm(dir, { recursive: true, force: true })
  })
  const { store } = stores
  const scopes = ['acme', 'rival'].map((id) => callerOf(id))
  const [acme = callerOf('acme'), rival = callerOf('rival')] = scopes
  const open = (environment: NodeJS.ProcessEnv) => {
    const keys = openKeyRing({ environment })
    const envelope = createEnvelope(keys)
    const secrets = createStoredSecrets({ store, envelope, isStrong: true, environment, clock: Date.now })
    return { envelope, secrets, resolve: (caller: Caller, name: string) => secrets.of(caller).resolve([`secret:${name}`]) }
  }
  const before = 'a passphrase with blanks'
  const present = randomBytes(32).toString('base64')
  const old = open({ GREENROOM_SECRET_KEY: before })
  for (const { tenant_id } of scopes)
    await store.commit(callerOf(tenant_id), [{ kind: 'tenant.save', tenant: newTenant(tenant_id, {}, 1) }], null)
  await old.secrets.of(acme).set('openai', CANARY)
  await old.secrets.of(rival).set('openai', 'of rival')

  const lost = open({ GREENROOM_SECRET_KEY: present })
  await expect(lost.resolve(acme, 'openai')).rejects.toMatchObject({ code: 'unavailable' })
  await expect(rotateSecrets({ store, ...lost }, (id) => callerOf(id))).rejects.toMatchObject({ code: 'unavailable' })

  const both = open({ GREENROOM_SECRET_KEY: present, GREENROOM_SECRET_KEY_OLD: before })
  expect(await both.resolve(acme, 'openai')).toEqual({ 'secret:openai': CANARY })
  expect(await rotateSecrets({ store, ...both }, (id) => callerOf(id))).toEqual({ tenants: 2, resealed: 2, kept: 0 })
  expect(await rotateSecrets({ store, ...both }, (id) => callerOf(id))).toEqual({ tenants: 2, resealed: 0, kept: 2 })
  expect(await lost.resolve(rival, 'openai')).toEqual({ 'secret:openai': 'of rival' })
  await expect(old.resolve(rival, 'openai')).rejects.toMatchObject({ code: 'unavailable' })

  // Somebody who can write to the store puts one tenant's secret in another's place.
  const stolen = await store.secrets.find(acme, 'openai')
  if (stolen) await store.commit(rival, [{ kind: 'secret.keep', secret: stolen }], null)
  await expect(lost.resolve(rival, 'openai')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a key of a tenant is found nowhere but in its sealed column', async () => {
  const asked: string[] = []
  const provider = createServer((request, response) => {
    asked.push(request.headers.authorization ?? '')
    response.writeHead(401, { 'content-type': 'application/json' }).end(`{"error":{"message":"wrong key ${asked.at(-1)}"}}`)
  }).listen(0, '127.0.0.1')
  await once(provider, 'listening')
  onTestFinished(() => void (provider.closeAllConnections(), provider.close()))
  const logged: string[] = []
  const served = await startServedHost(['acme'], { log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }) })
  const seen: unknown[] = []
  const acme = callerOf('acme')
  const run = async <Name extends OperationName>(name: Name, input: InputOf<Name>, caller: Caller = acme) => {
    const reply = await served.as(caller, name, input)
    seen.push(reply)
    return reply
  }
  await run('tenant.update', { tenant_id: acme.tenant_id, private_addresses: true }, OPERATOR)
  expect(await run('secret.set', { name: 'openai', value: CANARY })).toMatchObject({ ok: true })
  const hook = await served.get(acme, 'webhook.create', { url: 'https://example.invalid/' })
  await run('secret.list', { references: ['secret:openai'] })
  const base_url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`
  const llm_config = { provider: 'openai-compatible', model: 'm', base_url, api_key: 'secret:openai' }
  expect(await run('agent.create', { source: { kind: 'document', content: { ...document, llm_config } } })).toMatchObject({
    ok: true,
  })
  const checked = await run('provider.check', { kind: 'llm', block: llm_config })
  expect(checked).toMatchObject({ ok: true })
  await run('provider.models', { kind: 'llm', block: llm_config })
  const started = await run('session.start', { agent_id: AgentId.parse('ada'), modality: 'text' })
  if (!started.ok) throw new Error(started.error.message)
  const { session_id } = started.value.session
  await run('session.say', { session_id, text: 'Hello?' })
  await vi.waitUntil(async () => JSON.stringify(await run('session.journal', { session_id })).includes('turn.committed'), {
    timeout: 30_000,
    interval: 100,
  })
  await run('session.stop', { session_id })
  await run('session.journal', { session_id })
  await run('audit.list', {})
  await run('change.list', {})
  await run('agent.get', { agent_id: AgentId.parse('ada') })
  seen.push(served.events)
  expect(asked).toContain(`Bearer ${CANARY}`)
  const places = { disk: await everythingOnDisk(served.dir), log: logged.join('\n'), replies: JSON.stringify(seen) }
  for (const [place, text] of Object.entries(places))
    for (const disguise of [...DISGUISES, served.keys['acme'] ?? 'none', hook.secret, hook.secret.replace('whsec_', '')])
      expect(text.includes(disguise), `a secret is in: ${place}`).toBe(false)
  await served.close()
})
