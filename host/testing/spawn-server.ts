import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createLookout } from '../../core/testing/lookout.ts'
import type { TestLiveKit } from '../livekit/testing/livekit-server.ts'

const CLI = fileURLToPath(new URL('../cli/main.ts', import.meta.url))

type Wanted = Readonly<{
  flags?: readonly string[]
  livekit?: TestLiveKit
  env?: Readonly<Record<string, string>>
  data_dir?: string
}>

export type SpawnedServer = Awaited<ReturnType<typeof spawnServer>>

/** `greenroom serve` or `greenroom worker` as a process of its own, with a folder and an environment of its own. */
export async function spawnServer(command: 'serve' | 'worker', { flags = [], livekit, env = {}, data_dir }: Wanted = {}) {
  const dir = data_dir ?? (await mkdtemp(join(tmpdir(), 'greenroom served é ')))
  const child = spawn(process.execPath, [CLI, command, '--port', '0', '--data', dir, ...flags], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(
        ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) =>
          process.env[name] ? [[name, process.env[name]]] : [],
        ),
      ),
      // Tests look at readiness as the machines of a cluster do.
      GREENROOM_OPEN_METRICS: 'on',
      ...(livekit && { LIVEKIT_URL: livekit.url, LIVEKIT_API_KEY: livekit.api_key, LIVEKIT_API_SECRET: livekit.api_secret }),
      ...env,
    },
  })
  let [said, log] = ['', '']
  const { heard, until } = createLookout()
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString()
    heard()
  })
  child.stderr.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-100_000)
    if (process.env['GREENROOM_TEST_LOG']) process.stderr.write(text)
  })
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
    if (data_dir === undefined) await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  const started = until(() => /Store: /.test(said) || undefined)
  await Promise.race([
    started,
    exited.then((code) => {
      throw new Error(`greenroom ${command} ended with ${code}:\n${said}${log}`)
    }),
  ])
  const [address = ''] = /http:\/\/\S+/.exec(said) ?? []
  const readiness = async () => {
    const reply = await fetch(`${address}/readyz`)
    return { status: reply.status, body: (await reply.json()) as Readonly<Record<string, unknown>> }
  }
  return {
    child,
    address,
    exited,
    log: () => log,
    said: () => said,
    first_key: until(() => /role operator\): (\S+)/.exec(said)?.[1]),
    readiness,
    /** Resolves when the worker answers under so many names. */
    answering: async (names = 1) => {
      for (;;) {
        const { worker } = (await readiness()).body as { worker?: { state: string; registrations: number } }
        if (worker?.state === 'ready' && worker.registrations >= names) return
        await wait(50)
      }
    },
  }
}

export type Api = ReturnType<typeof apiOf>

/** A client of the production API, as one with a key would write it. */
export function apiOf(address: string, key?: string) {
  async function ask(method: string, path: string, body?: unknown) {
    const reply = await fetch(`${address}${path}`, {
      method,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    // Tests look into it with matchers.
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any
    return { status: reply.status, body: parsed }
  }
  return {
    get: (path: string) => ask('GET', path),
    post: (path: string, body: unknown = {}) => ask('POST', path, body),
    put: (path: string, body: unknown) => ask('PUT', path, body),
    delete: (path: string) => ask('DELETE', path),
    /** The call that goes on in a room, when there is one; `ended`: also one that is over. */
    sessionIn: async (room: string, state = 'all') => {
      for (;;) {
        const { body } = await ask('GET', `/api/v1/sessions?state=${state}`)
        const found = body['sessions']?.find((one: { room?: { room_name: string } }) => one.room?.room_name === room)
        if (found) return found as { session_id: string; agent_id: string; route?: string; state: string; end_reason?: string }
        await wait(50)
      }
    },
    /** Waits for an event of a call's journal. */
    journaled: async (session_id: string, type: string, fits: (event: Record<string, unknown>) => boolean = () => true) => {
      for (;;) {
        const { body } = await ask('GET', `/api/v1/sessions/${session_id}/journal?limit=5000`)
        const found = body['events']?.find((one: { type: string }) => one.type === type && fits(one))
        if (found) return found as Record<string, unknown>
        await wait(50)
      }
    },
  }
}
