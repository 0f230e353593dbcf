import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { callerWith, startTestHost } from '../testing/start-test-host.ts'
import { watchSession } from '../testing/watch-session.ts'
import { joinRoom } from './testing/start-room-studio.ts'

const missing = process.platform === 'win32' ? 'no ps on Windows' : noLiveKit()
if (missing) test.skip(missing)

const KILLS = Number(process.env['GREENROOM_STRESS_KILLS'] ?? 2)
const PHASES = ['all', 'calls', 'starting'] as const

type Process = Readonly<{ pid: number; parent: number; command: string }>

const processes = (): Process[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, stat, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
      return pid && !stat?.startsWith('Z') ? [{ pid: Number(pid), parent: Number(parent), command }] : []
    })

/** Children, their children, and so on. */
function below(root: number, all: readonly Process[]): Process[] {
  const children = all.filter(({ parent }) => parent === root)
  return [...children, ...children.flatMap(({ pid }) => below(pid, all))]
}

test.skipIf(missing)(
  'a killed host leaves no process: neither calls, nor worker, nor the LiveKit server and its guardian, nor a connection test',
  async () => {
    const entry = fileURLToPath(new URL('./testing/host-to-kill.ts', import.meta.url))
    const took: number[] = []
    const kinds = new Set<string>()
    /** When each kind of process was seen last. */
    const slowest: Record<string, number> = {}
    for (let kill = 0; kill < KILLS; kill++) {
      const phase = PHASES[kill % PHASES.length]
      const dir = await mkdtemp(join(tmpdir(), 'greenroom killed '))
      const host = fork(entry, [dir], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      onTestFinished(() => void host.kill('SIGKILL'))
      const reached =
        phase === 'starting'
          ? wait(1000 + Math.random() * 3000)
          : new Promise<void>((resolve) => host.on('message', (said) => said === phase && resolve()))
      await reached
      if (phase === 'all') await wait(Math.random() * 2000)
      const born = below(host.pid ?? 0, processes())
      if (phase === 'all') expect(born.length).toBeGreaterThan(3)
      for (const { command } of born) kinds.add(kindOf(command))
      const killed = performance.now()
      host.kill('SIGKILL')
      const known = new Map(born.map(({ pid, command }) => [pid, command]))
      const left = () => processes().filter(({ pid, command }) => known.get(pid) === command)
      for (let still = left(); still.length > 0; still = left()) {
        for (const { command } of still) {
          const kind = kindOf(command)
          slowest[kind] = Math.max(slowest[kind] ?? 0, Math.round(performance.now() - killed))
        }
        await wait(50)
      }
      took.push(Math.round(performance.now() - killed))
      await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }
    console.info(`${KILLS} × kill -9 of the host → last of its processes gone, ms:`, took, slowest)
    expect([...kinds]).toEqual(expect.arrayContaining(['livekit-server', 'session-process', 'worker']))
  },
  60_000 + KILLS * 40_000,
)

test.skipIf(missing)(
  'a call on the local server, which dies with its host, goes on when its caller comes back through the new one',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'greenroom local '))
    onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
    const entry = fileURLToPath(new URL('./testing/host-to-kill.ts', import.meta.url))
    const host = fork(entry, [dir], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    onTestFinished(() => void host.kill('SIGKILL'))
    await new Promise<void>((resolve) => host.on('message', () => resolve()))
    const gone = once(host, 'exit')
    host.kill('SIGKILL')
    await gone

    const studio = await startTestHost({ data_dir: dir })
    onTestFinished(studio.close)
    const { sessions } = await studio.call('session.list', {})
    const { session_id } = sessions.find(({ kind, modality }) => kind === 'room' && modality === 'text')!
    const watch = await watchSession(studio, session_id)
    expect(await watch.journaled('session.ended')).toMatchObject({ reason: 'connection_lost' })
    // As the window does it: a new token from the host, and the way that leads through it.
    const joined = await studio.call('room.join', { session_id, as: 'caller' })
    const url = await studio.host.signalUrl(callerWith('developer'), joined.connection_id)
    const caller = await joinRoom({ url }, joined)
    await watch.journaled('room.joined', ({ attempt }) => attempt === 2)
    await caller.say('Are you there?')
    const said = await watch.journaled('transcript.final', ({ attempt }) => attempt === 2)
    await watch.journaled('turn.committed', ({ turn_id }) => turn_id === said.turn_id)
    expect(await studio.call('session.stop', { session_id })).toMatchObject({ end_reason: 'stopped', recoveries: 1 })
  },
  120_000,
)

const kindOf = (command: string): string => /(livekit-server|[\w-]+)(\.[jt]s)?( [^/]*)?$/.exec(command)?.[1] ?? command
