import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { RoomServiceClient } from 'livekit-server-sdk'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findLiveKitServer, noLiveKit } from '../../livekit/testing/livekit-server.ts'
import { createLocalServer, type LocalServer, type LocalServerOptions, type RunningServer } from './local-server.ts'

let folder: string
let server: LocalServer
const changes: string[] = []
let wake = (): void => undefined

const start = (options: Partial<LocalServerOptions> = {}) => {
  server = createLocalServer({
    folder,
    log: pino({ level: 'silent' }),
    offline: () => false,
    onChange: () => {
      changes.push('changed')
      wake()
    },
    environment: { GREENROOM_LIVEKIT_SERVER: findLiveKitServer(), PATH: '' },
    releases: {},
    ...options,
  })
  return server
}
/** Waits for changes until it is so. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise<void>((resolve) => (wake = resolve))
}
const job = { signal: new AbortController().signal, progress: () => undefined }
const rooms = ({ url, api_key, api_secret }: RunningServer) =>
  new RoomServiceClient(url.replace('ws', 'http'), api_key, api_secret)
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom-livekit-'))
  changes.length = 0
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

test('without a program it says so, and how to get one', async () => {
  start({ environment: { PATH: '' } })
  expect(await server.state()).toMatchObject({ state: 'missing', log: [] })
  await expect(server.ensure()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('No livekit-server'),
  })
  expect(server.running()).toBeUndefined()
})

test('a variable that leads nowhere is said', async () => {
  start({ environment: { PATH: '', GREENROOM_LIVEKIT_SERVER: '/nowhere/livekit' } })
  expect((await server.state()).reason).toContain('/nowhere/livekit')
})

test.skipIf(process.platform === 'win32')('a program that ends at once fails with its last words', async () => {
  const program = join(folder, 'livekit-server')
  await writeFile(program, '#!/bin/sh\necho "no room for eyJhbGciOiJIUzI1NiJ9.abc.def today"\nexit 3\n', { mode: 0o700 })
  start({ environment: { GREENROOM_LIVEKIT_SERVER: program, PATH: '/usr/bin:/bin' } })
  await expect(server.ensure()).rejects.toThrow(/exit code 3.*no room for <token> today/)
  expect(await server.state()).toMatchObject({ state: 'failed', reason: expect.stringContaining('exit code 3') })
})

describe.skipIf(noLiveKit())('with a real program', () => {
  test('it is found, runs on loopback with keys of its own, and stops', async () => {
    start()
    const version = (await server.state()).found?.version
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    const [running, same] = await Promise.all([server.ensure(), server.ensure()])
    expect(same).toEqual(running)
    const state = await server.state()
    expect(state).toMatchObject({ state: 'ready', lan: false, url: running.url, pid: expect.any(Number) })
    expect(await rooms(running).listRooms()).toEqual([])
    expect(state.log.join('\n')).toContain('starting LiveKit server')
    expect(JSON.stringify(state)).not.toContain(running.api_secret)
    expect(server.processes()).toMatchObject([{ kind: 'livekit', pid: state.pid, state: 'ready' }])
    if (process.platform === 'linux') {
      const args = execFileSync('ps', ['-o', 'args=', '-p', String(state.pid)]).toString()
      expect(args.trim().split(' ')).toHaveLength(1)
      expect(listenersOf(state.pid ?? 0).every((address) => address.startsWith('127.0.0.1:'))).toBe(true)
    }
    expect((await server.stop()).state).toBe('stopped')
    expect(isAlive(state.pid ?? 0)).toBe(false)
    expect(server.running()).toBeUndefined()
  })

  test('killed, it comes back with the same keys and port', async () => {
    start()
    const running = await server.ensure()
    const { pid = 0 } = await server.state()
    process.kill(pid, 'SIGKILL')
    await until(async () => (await server.state()).state === 'starting')
    expect((await server.state()).reason).toContain('started again')
    await until(async () => (await server.state()).state === 'ready')
    expect(await server.ensure()).toEqual(running)
    expect(await rooms(running).listRooms()).toEqual([])
    expect((await server.state()).pid).not.toBe(pid)
  })

  test('it ends with a host that is killed', async () => {
    start({ environment: { PATH: '' } })
    const host = fork(fileURLToPath(new URL('../testing/run-local-server.ts', import.meta.url)), { execArgv: [] })
    const [pid] = await once(host, 'message')
    expect(isAlive(pid)).toBe(true)
    host.kill('SIGKILL')
    await once(host, 'exit')
    while (isAlive(pid)) await pause(20)
  })

  test('for the local network its media listen there, its signalling does not', async () => {
    start()
    await server.ensure()
    const state = await server.start({ download: false, lan: true }, job).catch((cause: unknown) => cause)
    // A machine in no network cannot.
    if (state instanceof Error) return expect(state.message).toContain('no local network')
    expect(state).toMatchObject({ state: 'ready', lan: true, url: expect.stringContaining('ws://127.0.0.1:') })
  })

  test('a port that somebody else took meanwhile does not stop it for good', async () => {
    start()
    const { url } = await server.ensure()
    const { pid = 0 } = await server.state()
    const squatter = createServer()
    process.kill(pid, 'SIGKILL')
    await until(async () => (await server.state()).state === 'starting')
    squatter.listen(Number(new URL(url).port), '127.0.0.1')
    await Promise.race([once(squatter, 'listening'), once(squatter, 'error')])
    squatter.close()
    await until(async () => (await server.state()).state === 'ready')
  })
})

function listenersOf(pid: number): string[] {
  try {
    const rows = execFileSync('ss', ['-H', '-lntup']).toString().split('\n')
    return rows.filter((row) => row.includes(`pid=${pid},`)).map((row) => row.split(/\s+/)[4] ?? '')
  } catch {
    return [] // no such tool here
  }
}
