import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { blankAgent } from '../../../core/agent/blank-agent.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Stores } from '../../../core/store/stores.ts'
import { openTestStores } from '../../testing/open-test-stores.ts'
import { agentId, AUDIT, create, newKey, newScope, newUser, revise } from '../testing/samples.ts'
import { withCache } from './with-cache.ts'

const hasRedis = spawnSync('redis-server', ['--version']).status === 0
const log = pino({ level: 'silent' })
const document = (name: string): DocumentJson => JSON.parse(JSON.stringify(blankAgent(agentId('ada'), name)))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

/** A Redis of this test alone, which can be killed and started again, empty. */
async function startRedis() {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-redis-'))
  const port = await freePort()
  const launch = async () => {
    const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir], {
      stdio: 'ignore',
    })
    while (!(await answers(port))) await sleep(20)
    return child
  }
  let child = await launch()
  const kill = async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(async () => {
    await kill().catch(() => undefined)
    rmSync(dir, { recursive: true, force: true })
  })
  return { url: `redis://127.0.0.1:${port}`, kill, restart: async () => void (child = await launch()) }
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Reads of documents, counted; by an instance of its own on the same store. */
async function instance(real: Stores, redis_url: string) {
  const counted = { served: 0 }
  const { agents } = real.store
  const served: typeof agents.served = (...args) => {
    counted.served += 1
    return agents.served(...args)
  }
  const stores = { ...real, store: { ...real.store, agents: { ...agents, served } }, close: async () => undefined }
  const cached = withCache(stores, { clock: Date.now, log, redis_url, opened: await real.health() })
  onTestFinished(cached.close)
  return { cached, counted }
}

const withRedis = async (cached: Stores, isUsed: boolean) => {
  while ((await cached.health()).notes.some((note) => note.includes('Redis')) === isUsed) await sleep(20)
}

test.skipIf(!hasRedis)(
  'instances share what they read, believe nothing of before, and need no Redis',
  { timeout: 60_000 },
  async () => {
    const redis = await startRedis()
    const real = await openTestStores()
    const scope = newScope()
    await real.store.commit(scope, [create('ada', document('one'))], AUDIT)
    const one = await instance(real, redis.url)
    const two = await instance(real, redis.url)
    await withRedis(one.cached, true)
    await withRedis(two.cached, true)
    const name = async ({ cached }: typeof one) => (await cached.store.agents.served(scope, 'ada'))?.content['name']

    expect(await name(one)).toBe('one')
    // Kept a moment after it was answered.
    const client = new Redis(redis.url)
    onTestFinished(() => client.disconnect())
    while (!(await client.keys('*:v:*')).length) await sleep(10)
    expect(await name(two)).toBe('one')
    expect([one.counted.served, two.counted.served]).toEqual([1, 0])

    await one.cached.store.commit(scope, [revise('ada', document('two'), 1)], AUDIT)
    expect(await name(one)).toBe('two')
    while ((await name(two)) !== 'two') await sleep(5)

    const key = newKey(scope)
    const secret = { name: 'GROQ', sealed: 'sealed-canary', sealed_key: 'k', key_id: 'k', updated_at: 1 }
    const changes = [
      { kind: 'key.save', key },
      { kind: 'user.save', user: newUser('ben') },
      { kind: 'secret.keep', secret },
    ] as const
    await one.cached.store.commit(scope, changes, AUDIT)
    await one.cached.store.directory.keyByHash(key.hash)
    await one.cached.store.directory.user(scope, 'ben')
    await one.cached.store.secrets.find(scope, 'GROQ')
    await one.cached.store.secrets.list(scope)
    const values = await Promise.all((await client.keys('*:v:*')).map((at) => client.get(at)))
    expect(values.join()).toContain('"two"')
    for (const never of ['sealed-canary', key.hash, 'ben']) expect(values.join()).not.toContain(never)

    await redis.kill()
    await one.cached.store.commit(scope, [revise('ada', document('three'), 2)], AUDIT)
    expect(await name(one)).toBe('three')
    await withRedis(one.cached, false)
    expect(await one.cached.health()).toMatchObject({ state: 'ok', notes: [expect.stringContaining('Redis')] })
    await redis.restart()
    await withRedis(one.cached, true)
    expect(await name(one)).toBe('three')
    while ((await name(two)) !== 'three') await sleep(5)
  },
)
