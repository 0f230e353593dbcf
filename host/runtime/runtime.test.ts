import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { v7 } from 'uuid'
import { SessionId, TenantId } from '../../core/contract/ids.ts'
import { RUNTIME_PROTOCOL } from '../../core/contract/runtime.ts'
import { childEnvironment } from './child-environment.ts'
import { createRuntime, type RuntimeOptions } from './runtime.ts'

const fixture = (name: string) => fileURLToPath(new URL(`./testing/${name}.ts`, import.meta.url))

function startRuntime(options: Partial<RuntimeOptions> = {}) {
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const runtime = createRuntime({
    log,
    sessionsPerProcess: () => 2,
    entries: {
      'session-process': fixture('fake-session-process'),
      speech: fixture('fake-engine'),
      espeak: fixture('fake-engine'),
    },
    ...options,
  })
  onTestFinished(() => runtime.close())
  return { runtime, lines }
}

/** A program of a few lines, in a folder whose name has a space and letters beyond ASCII. */
function program(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'prógram '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'entry.mjs'), source)
  return join(folder, 'entry.mjs')
}

const listener = { onMessage: () => undefined, onGone: () => undefined }
const newId = () => SessionId.parse(v7())
const SILENT = `setInterval(() => {}, 1000)`
const ready = `process.send({ type: 'ready', protocol: ${RUNTIME_PROTOCOL}, pid: process.pid });`

test('only what an operating system needs is in the environment of a runtime process', () => {
  const environment = {
    Path: '/bin',
    HOME: '/home/a',
    OPENAI_API_KEY: 'canary',
    NODE_OPTIONS: '--inspect',
    GREENROOM_TOKEN: 'canary',
  }
  expect(childEnvironment(environment, false, '/cache')).toEqual({
    Path: '/bin',
    HOME: '/home/a',
    GREENROOM_HOST: String(process.pid),
    NODE_COMPILE_CACHE: '/cache',
  })
})

test('sessions share processes up to the limit; empty ones are stopped but for one', async () => {
  const changed = vi.fn()
  const { runtime } = startRuntime({ onChange: changed })
  const slots = await Promise.all([1, 2, 3, 4, 5].map(() => runtime.sessions.acquire(newId(), listener)))
  expect(
    runtime
      .processes()
      .map(({ sessions }) => sessions)
      .sort(),
  ).toEqual([1, 2, 2])
  for (const slot of slots) slot.release()
  await vi.waitUntil(() => runtime.processes().length === 1, { timeout: 60_000 })
  expect(runtime.processes()).toMatchObject([{ kind: 'session', state: 'ready', sessions: 0 }])
  expect(changed).toHaveBeenCalled()
})

test('a kept warm pool always has room ready', async () => {
  const { runtime } = startRuntime()
  runtime.sessions.keepWarm()
  await runtime.sessions.acquire(newId(), listener)
  expect(runtime.processes()).toHaveLength(1)
  await runtime.sessions.acquire(newId(), listener)
  expect(runtime.processes().map(({ sessions }) => sessions)).toEqual([2, 0])
  const spare = runtime.processes()[1]!.pid
  process.kill(spare, 'SIGKILL')
  await vi.waitUntil(() => runtime.processes().some(({ pid, sessions }) => sessions === 0 && pid !== spare), { timeout: 60_000 })
})

test('tenants with processes of their own find one ready, as long as they are among those that called last', async () => {
  const { runtime } = startRuntime()
  const ready = () => runtime.processes().filter(({ state }) => state === 'ready').length
  runtime.sessions.keepWarm()
  runtime.sessions.expect({ reach: 'public' })
  await vi.waitUntil(() => ready() === 2, { timeout: 60_000 })
  const call = async (tenant: string) =>
    runtime.sessions.acquire(newId(), listener, { reach: 'public', tenant_id: TenantId.parse(tenant) })
  const first = await call('one')
  first.release()
  expect((await call('one')).pid).toBe(first.pid)
  const others = [await call('two'), await call('three')]
  for (const slot of others) slot.release()
  // Of the first one goes on what is in use, and nothing more is kept for it.
  await vi.waitUntil(() => ready() === 5, { timeout: 60_000 })
  ;(await call('four')).release()
  await vi.waitUntil(() => !runtime.processes().some(({ pid }) => pid === others[0]?.pid), { timeout: 60_000 })
  expect((await call('three')).pid).toBe(others[1]?.pid)
})

test('a process that has served many sessions makes room for a fresh one, and ends with the last of them', async () => {
  const { runtime } = startRuntime()
  runtime.sessions.keepWarm()
  const long = await runtime.sessions.acquire(newId(), listener)
  for (let served = 1; served < 200; served++) (await runtime.sessions.acquire(newId(), listener)).release()
  const fresh = await runtime.sessions.acquire(newId(), listener)
  expect(fresh.pid).not.toBe(long.pid)
  expect(runtime.processes().map(({ pid, sessions }) => [pid, sessions])).toEqual([
    [long.pid, 1],
    [fresh.pid, 1],
  ])
  long.release()
  await vi.waitUntil(() => !runtime.processes().some(({ pid }) => pid === long.pid), { timeout: 60_000 })
  expect((await runtime.sessions.acquire(newId(), listener)).pid).toBe(fresh.pid)
})

test('a process that ends, speaks another protocol or says nothing is told as such', async () => {
  const cases = [
    [`console.error('missing weights'); process.exit(3)`, /exit code 3/],
    [`process.send({ type: 'ready', protocol: 99, pid: 1 }); setInterval(() => {}, 1000)`, /protocol 99/],
    [SILENT, /not ready after/],
  ] as const
  for (const [source, message] of cases) {
    const { runtime, lines } = startRuntime({
      entries: { 'session-process': program(source) },
      limits: source === SILENT ? { handshake: 1000 } : {},
    })
    await expect(runtime.sessions.acquire(newId(), listener)).rejects.toMatchObject({
      code: 'runtime_failed',
      message: expect.stringMatching(message),
    })
    if (source.includes('weights'))
      await vi.waitUntil(() => lines.some((line) => line.includes('missing weights')), { timeout: 60_000 })
  }
})

test('what is not in the contract is dropped and logged, also what is too deep to be followed', async () => {
  const turn = { attempt: 1, seq: 1, at: 1, at_ms: 1, turn_id: newId() }
  const called = { ...turn, type: 'tool.done', call_id: 'c', tool: 't', outcome: 'ok', duration_ms: 1 }
  const deep = `JSON.parse('['.repeat(3000) + ']'.repeat(3000))`
  const events = `[{ ...${JSON.stringify(called)}, result: ${deep} }]`
  const { runtime, lines } = startRuntime({
    entries: {
      'session-process': program(
        `${ready} const send = (session_id, events) => process.send({ type: 'events', session_id, events });
         send(5); send('${newId()}', ${events}); send(6); process.on('message', () => process.exit())`,
      ),
    },
  })
  await runtime.sessions.acquire(newId(), listener)
  const isDropped = (id: number) =>
    lines.some((line) => line.includes('outside the contract') && line.includes(`session_id: ${id}`))
  await vi.waitUntil(() => isDropped(5) && isDropped(6), { timeout: 30_000 })
})

test('a process that ignores stop is killed after the grace', async () => {
  const { runtime } = startRuntime({
    entries: { 'session-process': program(`process.on('message', () => {}); ${ready}`) },
    limits: { grace: 200 },
  })
  const { pid } = await runtime.sessions.acquire(newId(), listener)
  await runtime.close()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('an engine keeps its address over a crash and over other models; its socket lies in a private folder', async () => {
  const { runtime } = startRuntime()
  const address = await runtime.engine('speech', '/models')
  expect(address.token).toMatch(/^[0-9a-f]{64}$/)
  if (process.platform !== 'win32') expect(statSync(dirname(address.path)).mode & 0o777).toBe(0o700)
  const [first] = runtime.processes()
  process.kill(first!.pid, 'SIGKILL')
  await vi.waitUntil(() => runtime.processes().some(({ pid, state }) => pid !== first!.pid && state === 'ready'), {
    timeout: 60_000,
  })
  expect(await runtime.engine('speech', '/models')).toEqual(address)
  const [second] = runtime.processes()
  expect(await runtime.engine('speech', '/other models')).toEqual(address)
  expect(runtime.processes().map(({ pid }) => pid)).not.toContain(second!.pid)
  await expect(runtime.engine('speech', 'broken')).rejects.toMatchObject({
    message: expect.stringContaining('tokens.txt is missing'),
  })
  expect(await runtime.engine('speech', '/models')).toEqual(address)
  expect((await runtime.engine('espeak')).path).not.toBe(address.path)
})
