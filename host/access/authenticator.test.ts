import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULT_TENANT, type Role } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import type { Tenant, User } from '../../core/contract/tenants.ts'
import type { StoredKey } from '../../core/store/directory.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { hashOfKey, isKeyValue, makeKeyValue, shownPart } from './api-key.ts'
import { createAuthenticator, type AuthenticatorDeps } from './authenticator.ts'
import { jwtSettings } from './jwt-reader.ts'
import { newKey, type KeyDraft } from './new-key.ts'
import { newTenant } from './tenant-handlers.ts'

const REMOTE = '203.0.113.9'
const LOOPBACK = '127.0.0.1'

/** Two instances on one store, and what it takes to fill it. */
async function startDirectory(options: Partial<AuthenticatorDeps> = {}) {
  const time = { now: Date.now() }
  const clock = () => time.now
  const { store } = await openTestStores(clock)
  const reads = { tenants: 0, keys: 0 }
  const directory: AuthenticatorDeps['directory'] = {
    keyByHash: (hash) => (reads.keys++, store.directory.keyByHash(hash)),
    tenant: (id) => (reads.tenants++, store.directory.tenant(id)),
    user: store.directory.user,
  }
  const instances = [1, 2].map(() => createAuthenticator({ directory, feed: store.feed, clock, ...options }))
  onTestFinished(() => instances.forEach(({ close }) => close()))
  const scopeOf = (tenant: string, user = 'admin') => ({ tenant_id: TenantId.parse(tenant), user_id: UserId.parse(user) })
  const saveTenant = (tenant: Tenant) => store.commit(scopeOf(tenant.tenant_id), [{ kind: 'tenant.save', tenant }], null)
  const saveUser = (tenant: string, user: User) => store.commit(scopeOf(tenant), [{ kind: 'user.save', user }], null)
  const saveKey = (key: StoredKey) => store.commit(scopeOf(key.tenant_id), [{ kind: 'key.save', key }], null)
  const user = (id: string, role: Role): User => ({ user_id: UserId.parse(id), name: id, role, enabled: true, created_at: 1 })
  for (const [id, role] of [
    ['acme', 'admin'],
    ['rival', 'admin'],
    ['default', 'operator'],
  ] as const) {
    await saveTenant(newTenant(TenantId.parse(id), {}, 1))
    await saveUser(id, user('admin', role))
  }
  const makeKey = async (draft: Partial<KeyDraft> & Readonly<{ tenant?: string; user?: string }> = {}) => {
    const { tenant = 'acme', user: owner = 'admin', ...others } = draft
    const made = newKey({ ...scopeOf(tenant, owner), name: 'k', role: 'developer', ...others }, time.now)
    await saveKey(made.key)
    return made
  }
  const [first, second] = instances
  if (!first || !second) throw new Error('there are two')
  return { ...{ time, store, reads, first, second, saveTenant, saveUser, saveKey, user, makeKey } }
}

type Asking = ReturnType<typeof createAuthenticator>
const ask = ({ authenticate }: Asking, headers: Record<string, string>, from = REMOTE) => authenticate(headers, from)
const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
const REFUSED = { code: 'unauthorized', message: 'The credential is not valid.' }
const refusal = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (cause: unknown) => (cause instanceof StudioError ? cause.body : cause),
  )

test('keys are random, recognisable, checked without asking anybody, and kept as hashes', () => {
  const keys = Array.from({ length: 200 }, makeKeyValue)
  expect(new Set(keys).size).toBe(200)
  for (const key of keys) {
    expect(key).toMatch(/^gr_[0-9A-Za-z]{49}$/)
    expect(isKeyValue(key)).toBe(true)
    const at = 3 + (key.charCodeAt(10) % 48)
    const changed = key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1)
    expect(isKeyValue(changed)).toBe(false)
    expect(hashOfKey(key)).toMatch(/^[0-9a-f]{64}$/)
    expect(shownPart(key)).toHaveLength(9)
  }
  for (const wrong of ['', 'gr_', 'sk-123', keys[0]?.slice(1) ?? '', `${keys[0] ?? ''} `]) expect(isKeyValue(wrong)).toBe(false)
})

test('a key is its tenant, its user and its role; in either header; asked of the store once', async () => {
  const { first, makeKey, reads } = await startDirectory()
  const { key, value } = await makeKey({ limits: { requests_per_minute: 5 } })
  const visitor = await ask(first, bearer(value))
  expect(visitor.caller).toEqual({ tenant_id: 'acme', user_id: 'admin', role: 'developer', via: 'rest', key_id: key.key_id })
  expect(visitor.limits).toEqual([{ of: 'key', bucket: `key:${key.key_id}`, most: 5 }])
  expect(await ask(first, { 'x-api-key': value })).toEqual(visitor)
  expect(await ask(first, { authorization: `bearer  ${value}` })).toEqual(visitor)
  const before = reads.keys
  await Promise.all(Array.from({ length: 50 }, () => ask(first, bearer(value))))
  expect(reads.keys).toBe(before)
})

test('whatever is wrong with a credential is refused in the same words', async () => {
  const { first, makeKey, time, reads, saveUser, user } = await startDirectory()
  const { value } = await makeKey()
  const old = await makeKey({ expires_at: time.now + 1000 })
  await saveUser('acme', { ...user('gone', 'admin'), enabled: false })
  const ofGone = await makeKey({ user: 'gone' })
  const ofNobody = await makeKey({ user: 'nobody' })
  expect(await ask(first, bearer(old.value))).toMatchObject({ caller: { tenant_id: 'acme' } })
  time.now += 2000
  const bodies = await Promise.all(
    [
      makeKeyValue(),
      old.value,
      ofGone.value,
      ofNobody.value,
      `${value}x`,
      value.slice(0, -1),
      'nonsense',
      'a.b.c',
      'eyJhbGciOiJub25lIn0.e30.',
    ].map((one) => refusal(ask(first, bearer(one)))),
  )
  for (const body of bodies) expect(body).toMatchObject(REFUSED)
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1)
  for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', value])
    expect(await refusal(ask(first, { authorization }))).toMatchObject({ code: 'unauthorized' })
  expect(await refusal(ask(first, {}))).toMatchObject({ code: 'unauthorized', message: 'This needs a credential.' })
  const before = reads.keys
  await refusal(ask(first, bearer('gr_0000000000000000000000000000000000000000000000000')))
  expect(reads.keys).toBe(before)
})

test('a revoked key, a disabled user, a disabled tenant and a lower role are so at once, on every instance', async () => {
  const { first, second, makeKey, saveKey, saveUser, saveTenant, user, store } = await startDirectory()
  const both = async (value: string) => Promise.all([first, second].map((one) => refusal(ask(one, bearer(value)))))
  const toldBoth = (value: string) =>
    vi.waitUntil(async () => (await both(value)).every((body) => body !== undefined), { timeout: 30_000, interval: 5 })
  const { key, value } = await makeKey()
  expect(await both(value)).toEqual([undefined, undefined])
  await saveKey({ ...key, revoked_at: Date.now() })
  await toldBoth(value)
  expect(await both(value)).toMatchObject([REFUSED, REFUSED])

  await saveUser('acme', user('ana', 'developer'))
  const ana = await makeKey({ user: 'ana' })
  expect(await both(ana.value)).toEqual([undefined, undefined])
  await saveUser('acme', user('ana', 'viewer'))
  await vi.waitUntil(async () => (await ask(second, bearer(ana.value))).caller.role === 'viewer', {
    timeout: 30_000,
    interval: 5,
  })
  await saveUser('acme', { ...user('ana', 'viewer'), enabled: false })
  await toldBoth(ana.value)

  const other = await makeKey()
  expect(await both(other.value)).toEqual([undefined, undefined])
  const tenant = await store.directory.tenant('acme')
  if (tenant) await saveTenant({ ...tenant, enabled: false })
  await toldBoth(other.value)
})

test('without a word from the feed nothing is believed for longer than some seconds; what is read during a change is not remembered', async () => {
  const deaf = { sinceAll: async () => ({ entries: [], token: 't' }), watch: () => () => undefined }
  const { first, makeKey, saveKey, time } = await startDirectory({ feed: deaf })
  const { key, value } = await makeKey()
  await ask(first, bearer(value))
  await saveKey({ ...key, revoked_at: time.now })
  time.now += 16_000
  expect(await refusal(ask(first, bearer(value)))).toMatchObject(REFUSED)
})

test('a key gives no more than its user may, and only operators of the server’s own tenant work across tenants', async () => {
  const { first, makeKey, saveUser, user } = await startDirectory()
  const roleOf = async (value: string) => (await ask(first, bearer(value))).caller.role
  await saveUser('acme', user('dev', 'developer'))
  await saveUser('acme', user('eye', 'viewer'))
  expect(await roleOf((await makeKey({ user: 'dev', role: 'admin' })).value)).toBe('developer')
  expect(await roleOf((await makeKey({ user: 'dev', role: 'caller' })).value)).toBe('caller')
  // Minting tokens is not among what a viewer may do, although `caller` stands below.
  expect(await roleOf((await makeKey({ user: 'eye', role: 'caller' })).value)).toBe('viewer')
  await saveUser('acme', user('root', 'operator'))
  expect(await roleOf((await makeKey({ user: 'root', role: 'operator' })).value)).toBe('admin')

  const operator = await makeKey({ tenant: 'default', role: 'operator' })
  const inRival = await ask(first, { ...bearer(operator.value), 'x-greenroom-tenant': 'rival' })
  expect(inRival.caller).toMatchObject({ tenant_id: 'rival', user_id: 'admin@default', role: 'operator' })
  expect(await refusal(ask(first, { ...bearer(operator.value), 'x-greenroom-tenant': 'none' }))).toMatchObject({
    code: 'not_found',
  })
  const admin = await makeKey({ role: 'admin' })
  expect(await refusal(ask(first, { ...bearer(admin.value), 'x-greenroom-tenant': 'rival' }))).toMatchObject({
    code: 'forbidden',
  })
  expect(await ask(first, { ...bearer(admin.value), 'x-greenroom-tenant': 'acme' })).toMatchObject({
    caller: { tenant_id: 'acme' },
  })
})

test('without authentication only this machine may ask, and no page of another site through its browser', async () => {
  const { first, makeKey } = await startDirectory({ insecure: true })
  const host = 'localhost:8000'
  expect(await ask(first, { host }, LOOPBACK)).toMatchObject({
    caller: { tenant_id: DEFAULT_TENANT, role: 'operator' },
    limits: [],
  })
  for (const [headers, from] of [
    [{ host: '[::1]:8000' }, '::1'],
    [{ host, authorization: 'Bearer whatever their client sends' }, LOOPBACK],
    [{ host, origin: 'http://localhost:5173' }, '::ffff:127.0.0.1'],
    [{ host, 'x-forwarded-for': '127.0.0.1, ::1' }, LOOPBACK],
  ] as const)
    expect(await ask(first, headers, from)).toMatchObject({ caller: { tenant_id: DEFAULT_TENANT } })
  for (const [headers, from] of [
    [{ host }, REMOTE],
    [{ host: 'rebound.example:8000' }, LOOPBACK],
    [{}, LOOPBACK],
    [{ host, 'x-forwarded-for': '203.0.113.9, 127.0.0.1' }, LOOPBACK],
    [{ host, 'x-real-ip': '203.0.113.9' }, LOOPBACK],
    [{ host, forwarded: 'for=203.0.113.9' }, LOOPBACK],
    [{ host, origin: 'https://evil.example' }, LOOPBACK],
    [{ host, origin: 'null' }, LOOPBACK],
  ] as const)
    expect(await refusal(ask(first, headers, from)), JSON.stringify(headers)).toMatchObject({ code: 'forbidden' })
  const { value } = await makeKey()
  expect(await ask(first, { host, ...bearer(value) }, LOOPBACK)).toMatchObject({
    caller: { tenant_id: 'acme', role: 'developer' },
  })
})

/** An identity provider, whose keys may change. */
async function startIssuer() {
  const state = { keys: [] as unknown[], asked: 0, isUp: true }
  const server = createServer((_request, response) => {
    state.asked++
    if (!state.isUp) return void response.writeHead(500).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: state.keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const add = async (alg: string, kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    state.keys.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' })
    return { publicKey, privateKey, alg, kid }
  }
  const jwt = {
    jwks_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    issuer: 'https://id.test',
    audience: 'greenroom',
  }
  return { state, add, jwt }
}

type Signer = Readonly<{ privateKey: CryptoKey | Uint8Array; alg: string; kid: string }>
const CLAIMS = { sub: 'ana', tenant: 'acme', role: 'developer', iss: 'https://id.test', aud: 'greenroom' }
const sign = ({ privateKey, alg, kid }: Signer, claims: JWTPayload = {}, exp: number | string = '5m') =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg, kid }).setIssuedAt().setExpirationTime(exp).sign(privateKey)

test('a token of the identity provider is its claims, and never above the ceiling', async () => {
  const issuer = await startIssuer()
  const { first, second, saveUser, saveTenant, user, store } = await startDirectory({ jwt: { ...issuer.jwt, ceiling: 'admin' } })
  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    const signer = await issuer.add(alg, alg)
    const { caller } = await ask(alg === 'RS256' ? first : createFresh(), bearer(await sign(signer)))
    expect(caller, alg).toEqual({ tenant_id: 'acme', user_id: 'ana', role: 'developer', via: 'rest' })
  }
  function createFresh() {
    const { directory, feed } = store
    const fresh = createAuthenticator({ directory, feed, clock: Date.now, jwt: issuer.jwt })
    onTestFinished(fresh.close)
    return fresh
  }
  const signer = await issuer.add('ES256', 'k')
  const roleOf = async (role: string, tenant = 'acme') =>
    (await ask(second, bearer(await sign(signer, { role, tenant })))).caller.role
  expect(await roleOf('operator')).toBe('admin')
  expect(await roleOf('operator', 'default')).toBe('admin')
  expect(await roleOf('viewer')).toBe('viewer')
  expect(await roleOf('caller')).toBe('caller')

  const NOW = Math.floor(Date.now() / 1000)
  const bad: Record<string, Promise<string>> = {
    expired: sign(signer, {}, NOW - 60),
    'of another audience': sign(signer, { aud: 'other' }),
    'of another issuer': sign(signer, { iss: 'https://evil.test' }),
    'without a tenant': sign(signer, { tenant: undefined }),
    'of no tenant': sign(signer, { tenant: 'none' }),
    'with a strange role': sign(signer, { role: 'root' }),
    'with a list for a tenant': sign(signer, { tenant: ['acme'] }),
    'without a subject': sign(signer, { sub: '' }),
    'that calls itself an operator': sign(signer, { sub: 'admin@default' }),
    'that is not valid yet': sign(signer, { nbf: NOW + 600 }),
  }
  for (const [what, token] of Object.entries(bad))
    expect(await refusal(ask(second, bearer(await token))), what).toMatchObject(REFUSED)
  expect(await ask(second, bearer(await sign(signer, {}, NOW - 10)))).toMatchObject({ caller: { user_id: 'ana' } })

  await saveUser('acme', { ...user('ana', 'developer'), enabled: false })
  await vi.waitUntil(async () => (await refusal(ask(second, bearer(await sign(signer))))) !== undefined, { timeout: 30_000 })
  const rival = await store.directory.tenant('rival')
  if (rival) await saveTenant({ ...rival, enabled: false })
  await vi.waitUntil(async () => (await refusal(ask(second, bearer(await sign(signer, { tenant: 'rival' }))))) !== undefined, {
    timeout: 30_000,
  })
})

test('no token signs itself: no algorithm, a secret that is the public key, another key of the same name', async () => {
  const issuer = await startIssuer()
  const { first } = await startDirectory({ jwt: issuer.jwt })
  const real = await issuer.add('RS256', 'main')
  expect(await ask(first, bearer(await sign(real)))).toMatchObject({ caller: { user_id: 'ana' } })
  const asBytes = (text: string) => new TextEncoder().encode(text)
  const forged = await generateKeyPair('RS256')
  const spki = await exportSPKI(real.publicKey)
  const tokens = [
    new UnsecuredJWT({ ...CLAIMS, exp: Math.floor(Date.now() / 1000) + 60 }).encode(),
    await sign({ privateKey: asBytes(spki), alg: 'HS256', kid: 'main' }),
    await sign({ privateKey: asBytes(JSON.stringify(issuer.state.keys[0])), alg: 'HS256', kid: 'main' }),
    await sign({ privateKey: forged.privateKey, alg: 'RS256', kid: 'main' }),
    await sign({ privateKey: (await generateKeyPair('ES384')).privateKey, alg: 'ES384', kid: 'main' }),
    `${(await sign(real)).split('.').slice(0, 2).join('.')}.`,
    `e30.${(await sign(real)).split('.').slice(1).join('.')}`,
  ]
  for (const token of tokens) expect(await refusal(ask(first, bearer(token)))).toMatchObject(REFUSED)
})

test('keys of the provider are kept, a new one is found, and while they cannot be had that is what is said', async () => {
  const issuer = await startIssuer()
  issuer.state.isUp = false
  const { first } = await startDirectory({ jwt: issuer.jwt })
  const one = await issuer.add('ES256', 'one')
  expect(await refusal(ask(first, bearer(await sign(one))))).toMatchObject({ code: 'unavailable' })
  issuer.state.isUp = true
  await Promise.all(Array.from({ length: 20 }, async () => ask(first, bearer(await sign(one)))))
  expect(issuer.state.asked).toBe(2)
  const stranger = await generateKeyPair('ES256')
  for (let times = 0; times < 5; times++)
    expect(await refusal(ask(first, bearer(await sign({ ...stranger, alg: 'ES256', kid: `unknown-${times}` }))))).toMatchObject(
      REFUSED,
    )
  expect(issuer.state.asked).toBe(2)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
  onTestFinished(() => void vi.useRealTimers())
  const two = await issuer.add('ES256', 'two')
  expect(await ask(first, bearer(await sign(two)))).toMatchObject({ caller: { user_id: 'ana' } })
  expect(issuer.state.asked).toBe(3)
})

test('settings of tokens are complete or refused', () => {
  const GREENROOM_JWKS_URL = 'https://id.test/jwks'
  const both = { GREENROOM_JWKS_URL, GREENROOM_JWT_ISSUER: 'i', GREENROOM_JWT_AUDIENCE: 'a' }
  expect(jwtSettings({})).toBeUndefined()
  expect(jwtSettings(both)).toEqual({ jwks_url: GREENROOM_JWKS_URL, issuer: 'i', audience: 'a', ceiling: 'admin' })
  expect(jwtSettings({ ...both, GREENROOM_JWT_MAX_ROLE: 'viewer' })).toMatchObject({ ceiling: 'viewer' })
  for (const wrong of [
    { GREENROOM_JWKS_URL },
    { ...both, GREENROOM_JWT_AUDIENCE: '' },
    { ...both, GREENROOM_JWKS_URL: 'file:///keys' },
    { ...both, GREENROOM_JWT_MAX_ROLE: 'root' },
  ])
    expect(() => jwtSettings(wrong)).toThrow(StudioError)
})
