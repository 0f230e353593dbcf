import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A real livekit-server on loopback, for tests. */
export type TestLiveKit = Readonly<{
  /** ws://127.0.0.1:PORT */
  url: string
  api_key: string
  api_secret: string
  pid: () => number
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>
  /** On the same ports and keys; kills first when it runs. Resolves when it answers. */
  restart: () => Promise<void>
  /** Stops it without ending it, and lets it go on: a network that hangs. */
  pause: () => void
  unpause: () => void
  /** What it has written so far. */
  log: () => string
  close: () => Promise<void>
}>

/** The program that `GREENROOM_LIVEKIT_SERVER` names, or the one on PATH. */
export function findLiveKitServer(): string | undefined {
  const named = process.env['GREENROOM_LIVEKIT_SERVER']
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((dir) => join(dir, 'livekit-server'))
  return [...(named ? [named] : []), ...onPath].find(isExecutable)
}

/** Why tests with a real server do not run here; undefined when they do. Use as `test.skipIf(noLiveKit())`. */
export function noLiveKit(): string | undefined {
  if (findLiveKitServer()) return undefined
  return 'no livekit-server: set GREENROOM_LIVEKIT_SERVER or put it on PATH to run these tests'
}

const START_MS = 20_000

/** Rejects when no server is found; see `noLiveKit`. */
export async function startLiveKit({ rtc = {} }: Readonly<{ rtc?: Record<string, unknown> }> = {}): Promise<TestLiveKit> {
  const program = findLiveKitServer()
  if (!program) throw new Error(noLiveKit())
  const api_key = `key${randomBytes(4).toString('hex')}`
  const api_secret = randomBytes(24).toString('hex')
  const configOn = ([port, tcp_port, udp_port]: readonly number[]) => ({
    port,
    bind_addresses: ['127.0.0.1'],
    rtc: { tcp_port, udp_port, use_external_ip: false, enable_loopback_candidate: true, node_ip: '127.0.0.1', ...rtc },
    logging: { level: 'info' },
  })
  let ports = await freePorts(3)
  let child: ChildProcess | undefined
  let guard: ChildProcess | undefined
  let log = ''

  async function start(): Promise<void> {
    // Keys go by the environment, as arguments can be read by every user of the machine.
    const env = {
      PATH: '/usr/bin:/bin',
      LIVEKIT_KEYS: `${api_key}: ${api_secret}`,
      LIVEKIT_CONFIG: JSON.stringify(configOn(ports)),
    }
    const started = spawn(program ?? '', [], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    const keep = (text: Buffer) => (log = (log + text.toString()).slice(-200_000))
    started.stdout.on('data', keep)
    started.stderr.on('data', keep)
    guard = endWithUs(started.pid)
    const until = Date.now() + START_MS
    while (!(await answers(`http://127.0.0.1:${ports[0]}`))) {
      if (started.exitCode !== null || Date.now() > until) {
        await kill()
        throw new Error(`livekit-server did not start:\n${log}`)
      }
      await wait(20)
    }
  }

  async function kill(): Promise<void> {
    const running = child
    child = undefined
    guard?.kill('SIGKILL')
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await gone
  }

  /** Between finding ports that are free and listening on them, somebody else may take one. */
  async function startOnFreePorts(tries: number): Promise<void> {
    try {
      await start()
    } catch (cause) {
      if (tries === 0 || !/address already in use/i.test(log)) throw cause
      log = ''
      ports = await freePorts(3)
      await startOnFreePorts(tries - 1)
    }
  }

  await startOnFreePorts(3)
  return {
    url: `ws://127.0.0.1:${ports[0]}`,
    api_key,
    api_secret,
    pid: () => child?.pid ?? 0,
    kill,
    restart: async () => {
      await kill()
      await start()
    },
    pause: () => void child?.kill('SIGSTOP'),
    unpause: () => void child?.kill('SIGCONT'),
    log: () => log,
    close: kill,
  }
}

/** Ends the server when this process dies, however it dies: its own standard input closes then. */
const endWithUs = (pid: number | undefined): ChildProcess | undefined =>
  pid === undefined || process.platform === 'win32'
    ? undefined
    : spawn('sh', ['-c', 'read _; kill -9 "$0"', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] })

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** Taken all at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen))
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

const listen = () =>
  new Promise<ReturnType<typeof createServer>>((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
