import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { AgentId, SessionId } from '../../core/contract/ids.ts'
import type { StoredDelivery } from '../../core/store/webhooks.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import { document } from '../sessions/testing/document.ts'
import { callerOf, OPERATOR, startServedHost, type ServedTestHost } from '../testing/start-served-host.ts'
import { newSession } from '../stores/testing/samples.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite-stores.ts'
import { createOpenFetch } from '../fetching/open-fetch.ts'
import { createGuardedFetch } from '../fetching/guarded-fetch.ts'
import { createDeliveryLoop, type DeliveryLoopDeps } from './delivery-loop.ts'
import { nextAttempt, RETRY_AFTER_MS } from './retry-schedule.ts'
import { makeWebhookSecret, signDelivery } from './webhook-secret.ts'

type Got = Readonly<{ id: string; timestamp: string; signature: string; body: string; told: Json }>

/** A receiver, which answers what it is told to, in order, and then 204. */
async function startReceiver(answers: readonly (number | ((response: ServerResponse) => void))[] = []) {
  const got: Got[] = []
  const listeners = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const header = (name: string) => String(request.headers[name])
      const parsed: Json = JSON.parse(body)
      const answer = answers[got.length] ?? 204
      got.push({
        ...{ id: header('webhook-id'), timestamp: header('webhook-timestamp'), signature: header('webhook-signature') },
        ...{ body, told: parsed },
      })
      if (typeof answer === 'number') response.writeHead(answer).end('this may be a secret')
      else answer(response)
      for (const listener of listeners) listener()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const until = async (count: number) => {
    while (got.length < count) await new Promise<void>((resolve) => listeners.add(resolve))
  }
  return { got, until, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

const acme = callerOf('acme')

async function startAcme(options: Parameters<typeof startServedHost>[1] = {}): Promise<ServedTestHost> {
  const served = await startServedHost(['acme', 'rival'], options)
  await served.get(OPERATOR, 'tenant.update', { tenant_id: acme.tenant_id, private_addresses: true })
  return served
}

/** One turn of a call, from its beginning to its end. */
async function call(served: ServedTestHost) {
  await served.as(acme, 'agent.create', { source: { kind: 'document', content: document } })
  const { session } = await served.get(acme, 'session.start', { agent_id: AgentId.parse('ada'), modality: 'text' })
  const { session_id } = session
  await served.get(acme, 'session.say', { session_id, text: 'Hello?' })
  await vi.waitUntil(
    async () => {
      const { events } = await served.get(acme, 'session.journal', { session_id })
      return events.some((event) => event.type === 'turn.committed' && event.spoken !== '')
    },
    { timeout: 30_000, interval: 50 },
  )
  await served.get(acme, 'session.stop', { session_id })
  return session_id
}

test('a receiver is told of the beginning and the end of a call, with its last output, signed as Standard Webhooks say', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  onTestFinished(() => void vi.unstubAllEnvs())
  const served = await startAcme()
  onTestFinished(served.close)
  const receiver = await startReceiver([500])
  const { webhook, secret } = await served.get(acme, 'webhook.create', {
    url: receiver.url,
    events: ['session.started', 'session.ended'],
  })
  expect(secret).toMatch(/^whsec_/)
  await served.get(callerOf('rival'), 'webhook.create', { url: 'https://example.com/', events: ['session.ended'] })
  const session_id = await call(served)
  await receiver.until(2)

  const byType = (type: string) => receiver.got.find(({ told }) => isJsonObject(told) && told['type'] === type)
  const ended = byType('session.ended')
  expect(byType('session.started')?.told).toMatchObject({ data: { session: { session_id, state: 'active', agent_id: 'ada' } } })
  const { events } = await served.get(acme, 'session.journal', { session_id })
  expect(ended?.told).toMatchObject({
    type: 'session.ended',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    data: {
      session: { tenant_id: 'acme', session_id, end_reason: 'stopped', turn_count: 1, state: 'ended' },
      output: events.findLast((event) => event.type === 'output.done')?.output,
    },
  })
  for (const { id, timestamp, signature, body } of receiver.got) {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    expect(Math.abs(Number(timestamp) * 1000 - Date.now())).toBeLessThan(60_000)
  }

  const list = () => served.get(callerOf('acme', 'developer'), 'webhook.deliveries', { webhook_id: webhook.webhook_id })
  await vi.waitUntil(async () => (await list()).deliveries.every(({ attempts }) => attempts === 1), { timeout: 30_000 })
  const { deliveries, count } = await list()
  expect(count).toBe(2)
  expect(deliveries.map(({ state }) => state).sort()).toEqual(['delivered', 'waiting'])
  const waiting = deliveries.find(({ state }) => state === 'waiting')
  expect(waiting).toMatchObject({ status: 500, error: 'The server answered 500.', attempts: 1 })
  expect(JSON.stringify(deliveries)).not.toContain('may be a secret')
  const sent = await served.get(acme, 'webhook.redeliver', {
    webhook_id: webhook.webhook_id,
    delivery_id: waiting?.delivery_id ?? '',
  })
  expect(sent).toMatchObject({ state: 'waiting', attempts: 0 })
  await receiver.until(3)
  expect(receiver.got.at(-1)?.id).toBe(waiting?.delivery_id)

  for (const name of ['webhook.deliveries', 'webhook.delete'] as const)
    expect(await served.as(callerOf('rival'), name, { webhook_id: webhook.webhook_id })).toMatchObject({
      error: { code: 'not_found' },
    })
  expect((await served.get(callerOf('rival'), 'webhook.list', {})).webhooks).toHaveLength(1)
  await served.get(acme, 'webhook.update', { webhook_id: webhook.webhook_id, enabled: false })
  await served.get(acme, 'webhook.delete', { webhook_id: webhook.webhook_id })
  const { rows } = await served.get(acme, 'audit.list', {})
  expect(rows.map(({ action }) => action).filter((action) => action.startsWith('webhook.'))).toEqual(
    ['create', 'redeliver', 'update', 'delete'].map((what) => `webhook.${what}`),
  )
  expect(JSON.stringify(rows)).not.toContain(secret)
})

test('an address inside the network is refused when it is given', async () => {
  vi.stubEnv('GREENROOM_SECRET_KEY', 'a passphrase of the test')
  onTestFinished(() => void vi.unstubAllEnvs())
  const served = await startServedHost(['acme'])
  onTestFinished(served.close)
  for (const url of ['http://127.0.0.1/', 'http://2130706433/', 'http://[::ffff:10.0.0.1]/', 'http://169.254.169.254/latest'])
    expect(await served.as(acme, 'webhook.create', { url }), url).toMatchObject({ error: { code: 'forbidden' } })
  expect(await served.get(acme, 'webhook.list', {})).toEqual({ webhooks: [] })
})

/** The loop on a small store of its own, so that time is the test's. */
function loopOn(url: string, waits: readonly number[]) {
  let now = 1_000_000
  const webhook = { webhook_id: 'w', url, events: ['session.ended' as const], enabled: true, created_at: 1, secret: 'webhook:w' }
  const saved: StoredDelivery[] = []
  const webhooks: unknown[] = []
  let told = () => {}
  const deps: DeliveryLoopDeps = {
    store: { webhooks: { list: async () => [webhook] }, commit: async (...commit) => void webhooks.push(commit) },
    calls: {
      commit: async (_scope, [change]) => {
        if (change?.kind === 'delivery.save') saved.push(change.delivery)
        told()
        return []
      },
      deliveries: {
        list: async () => ({ rows: [], count: 0 }),
        find: async () => undefined,
        prune: async () => 0,
        claim: async (at) => {
          const last = saved.at(-1)
          return last?.state === 'waiting' && (last.next_at ?? 0) <= at ? [{ scope: acme, delivery: last }] : []
        },
      },
    },
    secretOf: async () => makeWebhookSecret(),
    fetchOf: async () => createGuardedFetch({ rule: () => undefined }),
    clock: () => now,
    log: pino({ level: 'silent' }),
    random: () => 0,
    waits,
    every_ms: 60_000,
  }
  const loop = createDeliveryLoop(deps)
  onTestFinished(loop.close)
  const start: StoredDelivery = {
    ...{
      delivery_id: 'd',
      webhook_id: 'w',
      event: 'session.ended',
      session_id: SessionId.parse('0190a1b2-0000-7000-8000-000000000000'),
    },
    ...{ state: 'waiting', attempts: 0, next_at: now, created_at: now, body: { type: 'session.ended' } },
  }
  saved.push(start)
  return {
    saved,
    webhooks,
    /** Lets time pass until the next attempt is due, and waits for its end. */
    next: async () => {
      const before = saved.length
      now = saved.at(-1)?.next_at ?? now
      loop.kick()
      while (saved.length === before) await new Promise<void>((resolve) => (told = resolve))
      return saved.at(-1)
    },
  }
}

test('what fails is tried again after longer and longer waits, about a day long, and then given up', async () => {
  expect(RETRY_AFTER_MS.reduce((sum, wait) => sum + wait, 0) / 3_600_000).toBeGreaterThan(22)
  const at = (attempts: number, chance: number, retry_after_ms?: number) =>
    nextAttempt({ attempts, now: 0, retry_after_ms }, () => chance)
  expect([at(1, 0), at(1, 1), at(1, 0, 60_000), at(10, 0)]).toEqual([5000, 6000, 60_000, 9 * 3_600_000])
  expect(at(11, 0)).toBeUndefined()

  const limited = (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '120' }).end()
  const moved = (response: ServerResponse) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
  const cut = (response: ServerResponse) => void response.destroy()
  const receiver = await startReceiver([503, limited, moved, cut, 500])
  const { next, saved } = loopOn(receiver.url, [1000, 2000, 3000, 4000])
  expect(await next()).toMatchObject({ state: 'waiting', attempts: 1, status: 503, next_at: 1_001_000 })
  expect(await next()).toMatchObject({ state: 'waiting', attempts: 2, status: 429, next_at: 1_121_000 })
  expect(await next()).toMatchObject({ attempts: 3, status: 307, error: 'The server answered 307; redirects are not followed.' })
  expect(await next()).toMatchObject({ attempts: 4, error: 'The connection failed (ECONNRESET).' })
  expect(saved.at(-1)).not.toHaveProperty('status')
  const last = await next()
  expect(last).toMatchObject({ state: 'failed', attempts: 5, status: 500 })
  expect(last).not.toHaveProperty('next_at')
  expect(new Set(receiver.got.map(({ id }) => id))).toEqual(new Set(['d']))
})

test('410 Gone disables the webhook; a success after failures is one', async () => {
  const gone = loopOn((await startReceiver([410])).url, [1000])
  expect(await gone.next()).toMatchObject({ state: 'failed', status: 410 })
  expect(gone.webhooks).toMatchObject([
    [{ tenant_id: 'acme' }, [{ kind: 'webhook.save', webhook: { enabled: false } }], { action: 'webhook.disable' }],
  ])
  const late = loopOn((await startReceiver([500])).url, [1000])
  await late.next()
  const done = await late.next()
  expect(done).toMatchObject({ state: 'delivered', status: 204, attempts: 2 })
  expect(done).not.toHaveProperty('error')
})

test('the signature is that of the specification', () => {
  const signed = signDelivery('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    ...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' },
  })
  expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('an instance that is killed while it sends loses nothing: another one sends the same again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'greenroom killed '))
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }))
  const log = pino({ level: 'silent' })
  const receiver = await startReceiver([() => undefined])
  const seed = await openSqliteStores(dir, { clock: Date.now, log })
  const hook = { webhook_id: 'w', url: receiver.url, enabled: true, created_at: 1, secret: 'webhook:w' }
  await seed.store.commit(acme, [{ kind: 'webhook.save', webhook: { ...hook, events: ['session.ended'] } }], null)
  const session = newSession()
  const { session_id } = session
  const now = Date.now()
  await seed.calls.commit(acme, [
    { kind: 'session.create', session },
    {
      kind: 'delivery.save',
      delivery: {
        ...{ delivery_id: 'd', webhook_id: 'w', event: 'session.ended', session_id, body: { type: 'session.ended' } },
        ...{ state: 'waiting', attempts: 0, next_at: now, created_at: now },
      },
    },
  ])
  await seed.close()
  const program = fileURLToPath(new URL('./testing/deliver.ts', import.meta.url))
  const child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'ignore', 'inherit'] })
  const gone = once(child, 'exit')
  await receiver.until(1)
  child.kill('SIGKILL')
  await gone

  const stores = await openSqliteStores(dir, { clock: Date.now, log })
  const find = () => stores.calls.deliveries.find(acme, 'd')
  expect(await find()).toMatchObject({ state: 'waiting', attempts: 0 })
  const loop = (ahead_ms: number) =>
    createDeliveryLoop({
      ...{ store: stores.store, calls: stores.calls, clock: () => Date.now() + ahead_ms, log },
      secretOf: async () => makeWebhookSecret(),
      fetchOf: async () => createOpenFetch(1000),
    })
  // As long as the dead one could still be sending nobody else does.
  const early = loop(0)
  early.kick()
  await early.close()
  expect(receiver.got).toHaveLength(1)
  const late = loop(61_000)
  late.kick()
  await receiver.until(2)
  await vi.waitUntil(async () => (await find())?.state === 'delivered', { timeout: 30_000 })
  await late.close()
  expect(receiver.got.map(({ id }) => id)).toEqual(['d', 'd'])
  await stores.close()
})
