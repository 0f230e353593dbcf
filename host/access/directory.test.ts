import { expect, onTestFinished, test } from 'vitest'
import { DEFAULT_TENANT, DEFAULT_USER, type Caller } from '../../core/contract/caller.ts'
import { AgentId, TenantId } from '../../core/contract/ids.ts'
import { document } from '../sessions/testing/document.ts'
import { callerOf, OPERATOR, startServedHost, userId } from '../testing/start-served-host.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { ensureOwnTenant, makeFirstKey } from './first-access.ts'
import { hashOfKey } from './api-key.ts'

const acme = callerOf('acme')

async function start() {
  const served = await startServedHost(['acme', 'rival'])
  onTestFinished(served.close)
  return served
}

test('a tenant is made with its first admin key, once; its id is safe for names of rooms', async () => {
  const { as, get } = await start()
  const made = await get(OPERATOR, 'tenant.create', { name: 'Café', limits: { sessions: 3 }, features: { tracing: false } })
  expect(made.tenant).toMatchObject({ name: 'Café', enabled: true, private_addresses: false, limits: { sessions: 3 } })
  expect(made.tenant.features).toEqual({ removed_fields: [], tracing: false, tools: true, extensions: null })
  expect(made.value).toMatch(/^gr_/)
  expect(made.key).toMatchObject({ role: 'admin', user_id: 'admin', prefix: made.value.slice(0, 9) })
  for (const id of ['a-b', 'A', '0abc', 'a b', '../x', 'ä'])
    expect(await as(OPERATOR, 'tenant.create', { name: 'x', tenant_id: TenantId.parse(id) }), id).toMatchObject({
      error: { code: 'malformed' },
    })
  expect(await as(OPERATOR, 'tenant.create', { name: 'x', tenant_id: acme.tenant_id })).toMatchObject({
    error: { code: 'conflict' },
  })
  const updated = await get(OPERATOR, 'tenant.update', {
    tenant_id: acme.tenant_id,
    features: { tools: false },
    limits: { sessions: null },
  })
  expect(updated.features).toMatchObject({ tools: false, tracing: true })
  expect(await as(OPERATOR, 'tenant.update', { tenant_id: DEFAULT_TENANT, enabled: false })).toMatchObject({
    error: { code: 'conflict' },
  })
  const { tenants, count } = await get(OPERATOR, 'tenant.list', { limit: 2 })
  expect([tenants.length, count]).toEqual([2, 4])
})

test('nobody gives or reaches a role above their own, and operators belong to the server’s own tenant', async () => {
  const { as, get } = await start()
  const forbidden = { error: { code: 'forbidden' } }
  for (const [name, input] of [
    ['key.create', { name: 'x', role: 'operator' }],
    ['user.create', { name: 'x', role: 'operator' }],
    ['user.update', { user_id: userId('admin'), role: 'operator' }],
  ] as const)
    expect(await as(acme, name, input), name).toMatchObject(forbidden)
  const there: Caller = { ...OPERATOR, tenant_id: acme.tenant_id, user_id: userId('default@default') }
  expect(await as(there, 'user.create', { name: 'x', role: 'operator' })).toMatchObject(forbidden)
  const dev = await get(acme, 'user.create', { name: 'Dev' })
  expect(dev.role).toBe('developer')
  expect(await as(acme, 'key.create', { name: 'x', role: 'admin', user_id: dev.user_id })).toMatchObject(forbidden)
  expect(await as(acme, 'key.create', { name: 'x', user_id: userId('nobody') })).toMatchObject({ error: { code: 'not_found' } })
  expect(await as(there, 'key.create', { name: 'x' })).toMatchObject({ error: { code: 'not_found' } })
  expect(await as(acme, 'key.create', { name: 'x', expires_at: 5 })).toMatchObject({ error: { code: 'malformed' } })
  await get(acme, 'user.update', { user_id: dev.user_id, enabled: false })
  expect(await as(acme, 'key.create', { name: 'x', user_id: dev.user_id })).toMatchObject({ error: { code: 'conflict' } })
  // An admin of the server's own tenant does not reach its operator.
  const small = { ...callerOf(DEFAULT_TENANT), user_id: userId('small') }
  expect(await as(small, 'user.update', { user_id: DEFAULT_USER, enabled: false })).toMatchObject(forbidden)
  for (const user_id of ['x@default', 'a b', '<x>'])
    expect(await as(acme, 'user.create', { name: 'x', user_id: userId(user_id) })).toMatchObject({ error: { code: 'malformed' } })
  expect(await as(acme, 'user.create', { name: 'x', user_id: userId('admin') })).toMatchObject({ error: { code: 'conflict' } })
})

test('whoever came with a token of the identity provider becomes a user by making a key', async () => {
  const { get } = await start()
  const ana = callerOf('acme', 'admin', 'auth0|ana')
  const { key } = await get(ana, 'key.create', { name: 'mine', role: 'viewer' })
  expect(key.user_id).toBe('auth0|ana')
  expect((await get(acme, 'user.list', {})).users.map(({ user_id }) => String(user_id)).sort()).toEqual(['admin', 'auth0|ana'])
})

test('the last admin and the last admin key stay', async () => {
  const { as, get } = await start()
  const conflict = { error: { code: 'conflict' } }
  const admin = userId('admin')
  expect(await as(acme, 'user.update', { user_id: admin, enabled: false })).toMatchObject(conflict)
  expect(await as(acme, 'user.update', { user_id: admin, role: 'developer' })).toMatchObject(conflict)
  const [first] = (await get(acme, 'key.list', {})).keys
  const key_id = first?.key_id ?? ''
  expect(await as(acme, 'key.revoke', { key_id })).toMatchObject(conflict)
  const expiring = await get(acme, 'key.create', { name: 'x', role: 'developer' })
  expect(await get(acme, 'key.revoke', { key_id: expiring.key.key_id })).toMatchObject({
    revoked_at: expect.any(Number) as number,
  })
  const second = await get(acme, 'key.create', { name: 'y', role: 'admin' })
  expect(await get(acme, 'key.revoke', { key_id })).toMatchObject({ key_id })
  expect(await as(acme, 'key.revoke', { key_id: second.key.key_id })).toMatchObject(conflict)
  // An operator may: somebody outside can still let them in.
  const there: Caller = { ...OPERATOR, tenant_id: acme.tenant_id, user_id: userId('default@default') }
  expect(await as(there, 'key.revoke', { key_id: second.key.key_id })).toMatchObject({ ok: true })

  await get(acme, 'user.create', { user_id: userId('two'), name: 'Two', role: 'admin' })
  expect(await as(acme, 'user.update', { user_id: admin, enabled: false })).toMatchObject({ ok: true })
  expect(await as(callerOf('rival'), 'key.revoke', { key_id })).toMatchObject({ error: { code: 'not_found' } })
})

test('of admins who take each other out at the same moment, one stays', async () => {
  const { as, get } = await start()
  const others = ['admin', 'b', 'c'].map(userId)
  for (const user_id of others.slice(1)) await get(acme, 'user.create', { user_id, name: user_id, role: 'admin' })
  await Promise.all(others.map((user_id) => as(acme, 'user.update', { user_id, enabled: false })))
  const { users } = await get(acme, 'user.list', {})
  expect(users.filter(({ enabled }) => enabled)).toHaveLength(1)
  const rival = callerOf('rival')
  for (const name of ['y', 'z']) await get(rival, 'key.create', { name, role: 'admin' })
  const { keys } = await get(rival, 'key.list', {})
  await Promise.all(keys.map(({ key_id }) => as(rival, 'key.revoke', { key_id })))
  const left = (await get(rival, 'key.list', {})).keys
  expect(left.filter(({ revoked_at }) => revoked_at === undefined)).toHaveLength(1)
})

test('each change is one row of the audit, in the chain of the tenant it is about; shown-once values are nowhere', async () => {
  const served = await start()
  const { get } = served
  const { value, key } = await get(acme, 'key.create', { name: 'x' })
  await get(acme, 'key.revoke', { key_id: key.key_id })
  await get(OPERATOR, 'quota.set', { tenant_id: acme.tenant_id, sessions: 2, minutes_per_month: 10 })
  await get(OPERATOR, 'quota.set', { tenant_id: acme.tenant_id, sessions: null })
  const { rows, more } = await get(acme, 'audit.list', { limit: 4 })
  expect(rows.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
    ['tenant.create', 'default@default', 'acme'],
    ['key.create', 'admin', key.key_id],
    ['key.revoke', 'admin', key.key_id],
    ['quota.set', 'default@default', 'acme'],
  ])
  expect(more).toBe(true)
  const verified = await get(acme, 'audit.verify', {})
  const all = await get(acme, 'audit.list', { limit: 100 })
  expect(verified).toEqual({ intact: true, rows: 5, last_hash: all.rows.at(-1)?.hash })
  expect((await get(acme, 'quota.get', {})).limits).toEqual({ sessions: null, minutes_per_month: 10 })
  expect((await get(acme, 'quota.get', {})).usage).toMatchObject({ sessions: 0, minutes: 0, agents: 0 })
  const seen = JSON.stringify([all, served.events, await get(acme, 'key.list', {}), await get(acme, 'change.list', {})])
  expect(seen).not.toContain(value)
  expect(seen).not.toContain(hashOfKey(value))
})

test('a tenant has no more agents than it may, whichever way they come', async () => {
  const { as, get } = await start()
  await get(OPERATOR, 'quota.set', { tenant_id: acme.tenant_id, agents: 2 })
  const create = (agent_id: string) =>
    as(acme, 'agent.create', { source: { kind: 'document', content: { ...document, agent_id: AgentId.parse(agent_id) } } })
  expect(await create('one')).toMatchObject({ ok: true })
  expect(await as(acme, 'short.create', { agent: { name: 'two', instructions: 'Be kind.' } })).toMatchObject({ ok: true })
  const refused = { error: { code: 'quota_exceeded', message: 'This tenant may have 2 agents, and has 2.' } }
  expect(await create('three')).toMatchObject(refused)
  await get(acme, 'agent.delete', { agent_id: AgentId.parse('one') })
  expect(await create('three')).toMatchObject({ ok: true })
  expect(await as(acme, 'agent.undelete', { agent_id: AgentId.parse('one') })).toMatchObject(refused)
})

test('the feed of changes waits for news, and answers when there is some or the time is over', async () => {
  const { get } = await start()
  const { token, entries } = await get(acme, 'change.list', {})
  expect(entries).toEqual([])
  expect(await get(acme, 'change.list', { since: token, wait_ms: 30 })).toMatchObject({ entries: [] })
  const waiting = get(acme, 'change.list', { since: token, wait_ms: 30_000 })
  await get(callerOf('rival'), 'user.create', { name: 'not of acme' })
  const { user_id } = await get(acme, 'user.create', { name: 'New' })
  expect((await waiting).entries).toMatchObject([{ kind: 'user.save', subject: user_id }])
})

test('a new server has one first key, however many instances start together', async () => {
  const { store } = await openTestStores()
  const own = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER }
  const deps = { store, clock: Date.now }
  const instances = [1, 2, 3, 4]
  await Promise.all(instances.map(() => ensureOwnTenant(deps, own)))
  expect(await store.directory.tenant('default')).toMatchObject({ enabled: true, private_addresses: true })
  expect(await store.directory.user(own, 'default')).toMatchObject({ role: 'operator' })
  const made = (await Promise.all(instances.map(() => makeFirstKey(deps, own)))).filter((value) => value !== undefined)
  expect(made).toHaveLength(1)
  expect(await store.directory.keyByHash(hashOfKey(made[0] ?? ''))).toMatchObject({ role: 'operator' })
  const { rows } = await store.directory.keys(own, { limit: 10 })
  expect(rows.filter(({ revoked_at }) => revoked_at === undefined)).toHaveLength(1)
  expect(await makeFirstKey(deps, own)).toBeUndefined()
})
