import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { v7 } from 'uuid'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Change } from '../../core/store/store.ts'
import type { Stores } from '../../core/store/stores.ts'
import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { AgentId, UserId } from '../../core/contract/ids.ts'
import type { RunningApi } from '../http/api/start-api.ts'
import { openGreenroomStores } from '../stores/greenroom/open-greenroom-stores.ts'
import { AUDIT, create, newKey, newTenant, newUser } from '../stores/testing/samples.ts'
import { callerOf, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'

const options = { clock: Date.now, log: pino({ level: 'silent' }) }
const acme = { tenant_id: callerOf('acme').tenant_id, user_id: UserId.parse('ann') }
const own = { tenant_id: DEFAULT_TENANT, user_id: UserId.parse('ann') }

let served: ServedTestHost
let api: RunningApi
let operator = ''
beforeAll(async () => {
  served = await startServedHost(['acme', 'other'])
  operator = (await served.host.makeFirstKey()) ?? ''
  api = await served.host.startApi({ host: '127.0.0.1', ports: [0], insecure: false })
})
afterAll(async () => {
  await api.close()
  await served.close()
})
const address = () => api.addresses[0] ?? ''
async function open(api_key: string | undefined, at = address()): Promise<Stores> {
  const stores = await openGreenroomStores(at, { ...options, api_key })
  onTestFinished(stores.close)
  return stores
}
const post = async (key: string, method: string, body: unknown, headers: Record<string, string> = {}) => {
  const reply = await fetch(`${address()}/api/v1/store/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: reply.status, body: await reply.text() }
}

/** Stands before the API and loses the answer of the first write, after the API has given it. */
async function losingAnswers() {
  const lost: string[] = []
  const proxy = createServer((incoming, reply) => {
    const forward = request(
      `${address()}${incoming.url ?? ''}`,
      { method: incoming.method, headers: incoming.headers },
      (answer: IncomingMessage) => {
        const isWrite = incoming.url?.endsWith('/commit') && !lost.includes('once')
        if (!isWrite) {
          reply.writeHead(answer.statusCode ?? 500, answer.headers)
          return void answer.pipe(reply)
        }
        lost.push('once')
        answer.resume().on('end', () => incoming.socket.destroy())
      },
    )
    forward.on('error', () => reply.destroy())
    incoming.pipe(forward)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const bound = proxy.address()
  return { url: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`, lost }
}

test('a commit whose answer was lost happens once', async () => {
  const { url, lost } = await losingAnswers()
  const stores = await open(operator, url)
  await stores.store.commit(acme, [create('once')], AUDIT)
  expect(lost).toEqual(['once'])
  const { entries } = await stores.store.feed.since(acme, (await stores.store.feed.since(acme, undefined, 1)).token, 10)
  expect(entries).toEqual([])
  expect(await stores.store.agents.find(acme, 'once')).toMatchObject({ summary: { revision: 1 } })
  expect(
    (await stores.store.audit.list(acme, 0, 100)).filter(({ action, actor }) => action === AUDIT.action && actor === 'ann'),
  ).toHaveLength(1)
})

test('the same key of a write happens once and answers the same, of whoever holds the credential', async () => {
  const key = v7()
  const body = { args: [[create('twice')], AUDIT], key }
  expect([await post(operator, 'commit', body), await post(operator, 'commit', body)]).toMatchObject([
    { status: 200 },
    { status: 200 },
  ])
  expect((await post(operator, 'commit', { ...body, key: v7() })).status).toBe(409)
  const admin = served.keys['acme'] ?? ''
  const theirs = { ...body, args: [[create('twice')], AUDIT] }
  expect((await post(admin, 'commit', theirs)).status).toBe(200)
  expect(await served.get(callerOf('acme'), 'agent.get', { agent_id: AgentId.parse('twice') })).toBeDefined()
})

test('who opens it without a key, with a wrong one, or as an admin is told what to do', async () => {
  await expect(open(undefined)).rejects.toMatchObject({
    code: 'unauthorized',
    hint: expect.stringContaining('GREENROOM_STORE_KEY'),
  })
  await expect(open('gr_wrong')).rejects.toMatchObject({ code: 'unauthorized' })
  await expect(open(served.keys['acme'])).rejects.toMatchObject({ code: 'forbidden', hint: expect.stringContaining('operator') })
  await expect(open(operator, 'http://user:pass@127.0.0.1')).rejects.toMatchObject({ code: 'malformed' })
  await expect(open(operator, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'unavailable' })
})

test('an admin reaches the own tenant alone, and nothing that lets people in', async () => {
  const admin = served.keys['acme'] ?? ''
  expect((await post(admin, 'agents.list', { args: [{ deleted: false, limit: 10 }] })).status).toBe(200)
  for (const tenant of ['other', 'default', 'nobody'])
    expect(
      (await post(admin, 'agents.list', { args: [{ deleted: false, limit: 10 }] }, { 'x-greenroom-tenant': tenant })).status,
    ).toBe(403)
  for (const [method, args] of [
    ['feed.sinceAll', [null, 10]],
    ['directory.tenants', [{ limit: 10 }]],
    ['directory.keys', [{ limit: 10 }]],
    ['secrets.list', []],
    ['calls.listExpired', [1, 1]],
    ['commands.take', ['x']],
    ['limits.takeRequests', ['tenant', 1, 1, 1]],
  ] as const)
    expect([method, (await post(admin, method, { args })).status]).toEqual([method, 403])
  const changes: Change[] = [
    { kind: 'user.save', user: newUser('eve', { role: 'operator' }) },
    { kind: 'key.save', key: newKey(acme, { role: 'operator' }) },
    { kind: 'tenant.save', tenant: newTenant(acme, { limits: {} }) },
    { kind: 'secret.forget', name: 'GROQ' },
  ]
  for (const change of changes)
    expect([change.kind, (await post(admin, 'commit', { args: [[change], AUDIT] })).status]).toEqual([change.kind, 403])
  expect((await post(admin, 'commit', { args: [[create('seen')], null] })).status).toBe(200)
  const { rows } = await served.get(callerOf('acme'), 'audit.list', { limit: 1000 })
  expect(rows.at(-1)).toMatchObject({ action: 'store.commit' })
})

test('an operator acts in the tenant of the header, in the name of whoever did it there; what is not there is not found', async () => {
  const stores = await open(operator)
  await stores.store.commit(acme, [create('theirs')], AUDIT)
  expect(await stores.store.agents.find(own, 'theirs')).toBeUndefined()
  expect((await stores.store.audit.list(acme, 0, 1000)).at(-1)).toMatchObject({ actor: 'ann' })
  expect((await post(operator, 'agents.drop', { args: [] })).status).toBe(404)
  expect((await post(operator, 'agents.find', { args: [7] })).status).toBe(400)
  expect((await post(operator, 'commit', { args: '[[{"kind":"agent.create"}],null]' })).status).toBe(400)
  await expect(stores.store.commit(acme, [create('theirs')], AUDIT)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.any(String),
  })
})
