import { expect, onTestFinished, test } from 'vitest'
import { v7 } from 'uuid'
import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { SessionId, TenantId, UserId } from '../../core/contract/ids.ts'
import type { Limits } from '../../core/contract/tenants.ts'
import type { LimitStore } from '../../core/store/limits.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { createDoor } from './door.ts'
import { monthsBetween } from './month.ts'
import { newKey } from './new-key.ts'
import { createRequestCount, rateLimitHeaders, type RequestLimit } from './request-limits.ts'
import { createSessionQuota } from './session-quota.ts'
import { newTenant } from './tenant-handlers.ts'

const scope = { tenant_id: TenantId.parse('acme'), user_id: UserId.parse('admin') }
const newId = () => SessionId.parse(v7())
/** In the middle of a minute and of a month. */
const NOON = Date.UTC(2026, 10, 15, 12, 0, 20)

async function start(limits: Limits = {}) {
  const time = { now: NOON }
  const clock = () => time.now
  const stores = await openTestStores(clock)
  const save = (of: Limits) =>
    stores.store.commit(scope, [{ kind: 'tenant.save', tenant: newTenant(scope.tenant_id, { limits: of }, 1) }], null)
  await save(limits)
  await stores.store.commit(
    scope,
    [{ kind: 'user.save', user: { user_id: scope.user_id, name: 'A', role: 'admin', enabled: true, created_at: 1 } }],
    null,
  )
  const failures: unknown[] = []
  const quota = (owner: string, most_sessions?: number) =>
    createSessionQuota({
      ...{ limits: stores.limits, directory: stores.store.directory, owner, most_sessions, clock },
      onFailure: (cause) => failures.push(cause),
    })
  const usage = () => stores.limits.usage(scope, '2026-11', time.now)
  return { ...stores, time, clock, save, quota, usage, failures }
}

const TENANT: RequestLimit = { of: 'tenant', bucket: 'tenant', most: 1000 }
const KEY: RequestLimit = { of: 'key', bucket: 'key:k', most: 100 }

test('requests over the limit are refused on all instances together, and the store is asked once for many', async () => {
  const { limits, time, clock } = await start()
  let asked = 0
  const counted: Pick<LimitStore, 'takeRequests'> = { takeRequests: (...args) => (asked++, limits.takeRequests(...args)) }
  const instances = Array.from({ length: 4 }, () => createRequestCount({ limits: counted, clock }))
  const take = async (count: number, of: readonly RequestLimit[]) => {
    const all = await Promise.all(Array.from({ length: count }, async (_, at) => instances[at % 4]?.(scope, of)))
    return all.filter((one) => one && !one.refused).length
  }
  const granted = await take(1600, [TENANT])
  expect(granted).toBeLessThanOrEqual(1000)
  expect(granted).toBeGreaterThan(960)
  expect(asked).toBeLessThan(130)
  const refused = await instances[0]?.(scope, [TENANT])
  expect(refused?.refused?.body).toMatchObject({ code: 'rate_limited', retry_after_ms: 40_000 })
  expect(refused?.refused?.hint).toContain('40 s')
  expect(rateLimitHeaders(refused?.standings ?? [])).toEqual({
    'ratelimit-policy': '"tenant";q=1000;w=60',
    ratelimit: '"tenant";r=0;t=40',
  })
  time.now += 40_000
  expect(await take(100, [TENANT])).toBe(100)
})

test('a request that one of its limits refuses counts against none; keys have limits of their own', async () => {
  const { limits, clock } = await start()
  const count = createRequestCount({ limits, clock })
  const both = [TENANT, KEY]
  const answers = await Promise.all(Array.from({ length: 150 }, () => count(scope, both)))
  expect(answers.filter(({ refused }) => !refused)).toHaveLength(100)
  const last = await count(scope, both)
  expect(last.refused?.message).toContain('API key')
  expect(last.standings).toMatchObject([
    { of: 'tenant', left: 900 },
    { of: 'key', left: 0 },
  ])
  expect((await count(scope, [TENANT])).refused).toBeUndefined()
  expect(await count(scope, [])).toEqual({ standings: [] })
})

test('while the store does not answer an instance counts for itself', async () => {
  const failures: unknown[] = []
  const down = { takeRequests: () => Promise.reject(new Error('down')) }
  const count = createRequestCount({ limits: down, clock: () => NOON, onFailure: (cause) => failures.push(cause) })
  const answers = await Promise.all(Array.from({ length: 150 }, () => count(scope, [KEY])))
  expect(answers.filter(({ refused }) => !refused)).toHaveLength(100)
  expect(failures.length).toBeGreaterThan(0)
})

test('the door knows the limits of tenant and key, also when they change', async () => {
  const { store, limits, clock, save } = await start({ requests_per_minute: 5 })
  const { key, value } = newKey({ ...scope, name: 'k', role: 'viewer', limits: { requests_per_minute: 3 } }, NOON)
  await store.commit(scope, [{ kind: 'key.save', key }], null)
  const door = createDoor({ directory: store.directory, feed: store.feed, limits, clock })
  onTestFinished(door.close)
  const enter = () => door.enter({ 'x-api-key': value }, '203.0.113.9')
  const entries = [await enter(), await enter(), await enter(), await enter()]
  expect(entries.map(({ refused }) => refused?.code)).toEqual([undefined, undefined, undefined, 'rate_limited'])
  expect(entries[0]?.headers).toEqual({
    'ratelimit-policy': '"tenant";q=5;w=60, "key";q=3;w=60',
    ratelimit: '"tenant";r=4;t=40, "key";r=2;t=40',
  })
  await save({ requests_per_minute: null })
  await store.commit(scope, [{ kind: 'key.save', key: { ...key, limits: {} } }], null)
  for (let times = 0; times < 200 && (await enter()).refused; times++) await new Promise((resolve) => setImmediate(resolve))
  expect(await enter()).toMatchObject({ headers: {} })
})

test('an operator who acts in a tenant uses up the requests of the own one', async () => {
  const { store, limits, clock, save } = await start({ requests_per_minute: 5 })
  const own = { tenant_id: DEFAULT_TENANT, user_id: UserId.parse('admin') }
  const { key, value } = newKey({ ...own, name: 'k', role: 'operator' }, NOON)
  await store.commit(
    own,
    [
      { kind: 'tenant.save', tenant: newTenant(DEFAULT_TENANT, { limits: { requests_per_minute: 8 } }, 1) },
      { kind: 'user.save', user: { user_id: own.user_id, name: 'O', role: 'operator', enabled: true, created_at: 1 } },
      { kind: 'key.save', key },
    ],
    null,
  )
  await save({ requests_per_minute: 5 })
  const ofAcme = newKey({ ...scope, name: 'k', role: 'viewer' }, NOON)
  await store.commit(scope, [{ kind: 'key.save', key: ofAcme.key }], null)
  const door = createDoor({ directory: store.directory, feed: store.feed, limits, clock })
  onTestFinished(door.close)
  const acting = async () => door.enter({ 'x-api-key': value, 'x-greenroom-tenant': 'acme' }, '203.0.113.9')
  const entries = []
  for (let times = 0; times < 9; times++) entries.push(await acting())
  expect(entries.map(({ refused }) => refused?.code).filter(Boolean)).toEqual(['rate_limited'])
  expect((await door.enter({ 'x-api-key': ofAcme.value }, '203.0.113.9')).refused).toBeUndefined()
})

test('calls at once are exact, whichever instances they begin on, and a dead instance gives its places back', async () => {
  const { quota, time, usage } = await start({ sessions: 10 })
  const instances = [quota('a'), quota('b'), quota('c')]
  const ids = Array.from({ length: 40 }, newId)
  const begun = await Promise.allSettled(ids.map(async (session_id, at) => instances[at % 3]?.admit(scope, { session_id })))
  expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  expect((await usage()).sessions).toBe(10)
  const refusal = begun.find((one) => one.status === 'rejected')
  expect(refusal?.reason).toMatchObject({
    code: 'quota_exceeded',
    message: 'This tenant may have 10 calls at once, and 10 go on.',
    problems: [{ path: '/limits/sessions', message: '10 of 10' }],
  })
  const [again] = ids.filter((_, at) => begun[at]?.status === 'fulfilled')
  if (again) await instances[0]?.admit(scope, { session_id: again })
  time.now += 10_000
  await instances[0]?.renew()
  time.now += 6_000
  const held = ids.filter((_, at) => at % 3 === 0 && begun[at]?.status === 'fulfilled').length
  const left = (await usage()).sessions
  expect(left).toBeGreaterThanOrEqual(held)
  expect(left).toBeLessThan(10)
})

test('keys and the server have limits of their own', async () => {
  const { quota, store } = await start({ sessions: 10 })
  const { key } = newKey({ ...scope, name: 'k', role: 'caller', limits: { sessions: 1 } }, NOON)
  await store.commit(scope, [{ kind: 'key.save', key }], null)
  const first = quota('a', 3)
  await first.admit(scope, { session_id: newId(), key_id: key.key_id })
  await expect(first.admit(scope, { session_id: newId(), key_id: key.key_id })).rejects.toThrow(
    'This API key may have 1 call at once',
  )
  await first.admit(scope, { session_id: newId() })
  await first.admit(scope, { session_id: newId() })
  await expect(first.admit(scope, { session_id: newId() })).rejects.toThrow('This server may have 3 calls at once')
  const tenant = await store.directory.tenant('acme')
  if (tenant) await store.commit(scope, [{ kind: 'tenant.save', tenant: { ...tenant, enabled: false } }], null)
  await expect(first.admit(scope, { session_id: newId() })).rejects.toMatchObject({ code: 'forbidden' })
})

test('minutes are taken ahead, settled by what a call used, and exact also when its instance died', async () => {
  const { quota, time, usage } = await start({ minutes_per_month: 3 })
  const one = quota('a')
  const two = quota('b')
  const [first, second] = [newId(), newId()]
  await one.admit(scope, { session_id: first })
  expect((await usage()).minutes_ms).toBe(60_000)
  time.now += 20_000
  await one.leave(scope, { session_id: first, started_at: NOON, ended_at: time.now })
  expect((await usage()).minutes_ms).toBe(20_000)

  // Its instance dies after 70 s; another one ends the call from the journal.
  const began = time.now
  await one.admit(scope, { session_id: second })
  time.now += 40_000
  expect(await one.renew()).toEqual([])
  expect((await usage()).minutes_ms).toBe(20_000 + 120_000)
  time.now += 30_000
  await two.leave(scope, { session_id: second, started_at: began, ended_at: began + 70_000 })
  await two.leave(scope, { session_id: second, started_at: began, ended_at: began + 70_000 })
  expect((await usage()).minutes_ms).toBe(90_000)
})

test('a call that another instance has taken over takes nothing more here, and a place is given back last', async () => {
  const { quota, time, usage, limits, store, clock } = await start({ minutes_per_month: 100 })
  const { key } = newKey({ ...scope, name: 'k', role: 'caller', limits: { minutes_per_month: 2 } }, NOON)
  await store.commit(scope, [{ kind: 'key.save', key }], null)
  const [one, two] = [quota('a'), quota('b')]
  const call = { session_id: newId(), key_id: key.key_id }
  await one.admit(scope, call)
  await two.admit(scope, call)
  one.forget(call.session_id)
  time.now += 50_000
  expect(await one.renew()).toEqual([])
  expect((await usage()).minutes_ms).toBe(120_000)
  expect(await two.renew()).toEqual([])
  await expect(two.admit(scope, { session_id: newId(), key_id: key.key_id })).rejects.toThrow(
    'This API key may use 2 minutes of calls a month',
  )
  time.now += 10_000
  expect(await two.renew()).toEqual([call.session_id])

  // The store goes away between the two: what was used is settled, and the place runs out by itself.
  const cut = createSessionQuota({
    ...{ directory: store.directory, owner: 'b', clock, onFailure: () => undefined },
    limits: { ...limits, leavePlace: () => Promise.reject(new Error('away')) },
  })
  await expect(cut.leave(scope, { session_id: call.session_id, started_at: NOON, ended_at: NOON + 60_123 })).rejects.toThrow()
  expect((await usage()).minutes_ms).toBe(60_123)
})

test('a call whose tenant has no minutes left ends, and a new one does not begin', async () => {
  const { quota, time, usage } = await start({ minutes_per_month: 1 })
  const one = quota('a')
  const session_id = newId()
  await one.admit(scope, { session_id })
  await expect(one.admit(scope, { session_id: newId() })).rejects.toThrow('This tenant may use 1 minute of calls a month')
  expect((await usage()).sessions).toBe(1)
  time.now += 40_000
  expect(await one.renew()).toEqual([])
  time.now += 20_000
  expect(await one.renew()).toEqual([session_id])
  await one.leave(scope, { session_id, started_at: NOON, ended_at: NOON + 60_000 })
  expect(await one.renew()).toEqual([])
  expect(await usage()).toEqual({ sessions: 0, minutes_ms: 60_000 })
})

test('a call over midnight of the last day uses minutes of both months', () => {
  const from = Date.UTC(2026, 10, 30, 23, 59, 30)
  expect(monthsBetween(from, from + 90_000)).toEqual({ '2026-11': 30_000, '2026-12': 60_000 })
  expect(monthsBetween(from, from)).toEqual({})
  expect(Object.keys(monthsBetween(from, from + 70 * 86_400_000))).toEqual(['2026-11', '2026-12', '2027-01', '2027-02'])
})
