import { expect, onTestFinished, test } from 'vitest'
import type { Tenant } from '../../core/contract/tenants.ts'
import { newScope, newTenant, newUser } from '../stores/testing/samples.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { startServedHost } from '../testing/start-served-host.ts'
import { makeKeyValue } from './api-key.ts'
import { createDoor } from './door.ts'
import { newKey } from './new-key.ts'

async function start() {
  const time = { now: 1_000_000 }
  const clock = () => time.now
  const { store, limits } = await openTestStores(clock)
  const scope = newScope()
  const [used, idle] = [1, 2].map(() => newKey({ ...scope, name: 'k', role: 'viewer' }, time.now))
  const tenant: Tenant = newTenant(scope)
  await store.commit(
    scope,
    [
      { kind: 'tenant.save', tenant },
      { kind: 'user.save', user: newUser('ana') },
      ...[used!, idle!].map(({ key }) => ({ kind: 'key.save', key }) as const),
    ],
    null,
  )
  const asked: string[] = []
  const directory = {
    ...store.directory,
    keyByHash: (hash: string) => {
      asked.push(hash)
      return store.directory.keyByHash(hash)
    },
  }
  const door = createDoor({ directory, feed: store.feed, limits, clock })
  onTestFinished(door.close)
  const enter = async (value: string | undefined, address: string) =>
    door.enter(value === undefined ? {} : { 'x-api-key': value }, address).then(
      () => 'in',
      (cause: unknown) => (cause instanceof Error && 'code' in cause ? cause.code : cause),
    )
  const guess = async (address: (at: number) => string, times = 20) => {
    const answers = new Set<unknown>()
    for (let at = 0; at < times; at += 1) answers.add(await enter(makeKeyValue(), address(at)))
    return [...answers]
  }
  return { time, enter, guess, asked, used: used!.value, idle: idle!.value }
}

test('an address that has guessed too often is refused for a minute, without a question to the store', async () => {
  const { time, enter, guess, asked, used, idle } = await start()
  const [there, elsewhere] = ['203.0.113.5', '203.0.113.6']
  expect(await enter(used, there)).toBe('in')
  expect(await guess(() => there)).toEqual(['unauthorized'])
  asked.length = 0
  expect(await guess(() => there, 5)).toEqual(['rate_limited'])
  expect(await enter(idle, there)).toBe('rate_limited')
  expect(asked).toEqual([])
  // Who came in well a short while ago shares an address with the guesser, and is no guesser.
  time.now += 30_000
  expect(await enter(used, there)).toBe('in')
  expect(await enter(idle, elsewhere)).toBe('in')
  expect(await enter(undefined, there)).toBe('unauthorized')
  time.now += 30_001
  expect(await guess(() => there, 1)).toEqual(['unauthorized'])
})

test('one client counts as one in all addresses of its IPv6 network; this machine itself is not counted; a crowd is bounded', async () => {
  const { enter, guess, idle } = await start()
  expect(await guess((at) => `2001:db8:1:2::${at.toString(16)}`)).toEqual(['unauthorized'])
  expect(await guess(() => '2001:db8:1:2:ffff::1', 1)).toEqual(['rate_limited'])
  expect(await guess(() => '2001:db8:1:3::1', 1)).toEqual(['unauthorized'])
  expect(await guess(() => '::ffff:203.0.113.7')).toEqual(['unauthorized'])
  expect(await guess(() => '203.0.113.7', 1)).toEqual(['rate_limited'])
  for (const here of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect(await guess(() => here, 25)).toEqual(['unauthorized'])
  expect(await guess((at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, 10_001)).toEqual(['unauthorized'])
  expect(await enter(idle, '203.0.113.7')).toBe('in')
})

test('behind a proxy of this machine it is the client that is counted, and it is told when to come again', async () => {
  const served = await startServedHost(['acme'])
  const api = await served.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
  onTestFinished(async () => {
    await api.close()
    await served.close()
  })
  const ask = (key: string, client: string) =>
    fetch(`${api.addresses[0] ?? ''}/api/v1/quotas`, {
      headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': `198.51.100.1, ${client}` },
    })
  for (let times = 0; times < 20; times += 1) expect((await ask('gr_guessed', '203.0.113.5')).status).toBe(401)
  const refused = await ask(served.keys['acme'] ?? '', '203.0.113.5')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited' } })
  expect((await ask(served.keys['acme'] ?? '', '203.0.113.6')).status).toBe(200)
})
