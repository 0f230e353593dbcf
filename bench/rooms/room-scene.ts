import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newAddress, startEngine } from '../../agent-runtime/engines/testing/start-engine.ts'
import { startOpenAiServer } from '../../agent-runtime/providers/testing/openai-server.ts'
import { callerVoice } from '../../agent-runtime/session/testing/caller-voice.ts'
import type { DocumentJson } from '../../core/contract/index.ts'
import { localLink } from '../../host/cli/local-link.ts'
import type * as HostModule from '../../host/host.ts'
import { createServerApi } from '../../host/livekit/server-api.ts'
import { startLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { callerToken } from '../../host/livekit/tokens.ts'
import type { CallerOrder, CallerReport } from './caller-orders.ts'

type Told<Order> = Order extends CallerOrder ? Omit<Order, 'id'> : never
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
export const now = () => performance.timeOrigin + performance.now()

/** Who answers in a room: the name under which it is asked for, and the processes whose cost is its own. */
export type Side = Readonly<{ name: string; pids: () => Promise<number[]> }>

/** A real LiveKit server, our studio as it is built, stock agents-js beside it, one set of services for both, and callers. */
export async function setRoomScene() {
  const [server, services] = await Promise.all([startLiveKit(), startOpenAiServer({ first_token_ms: 50, tokens_per_second: 80 })])
  const api = createServerApi({
    connection_id: 'bench' as never,
    key: 'bench' as never,
    name: 'Bench',
    ...server,
    serve: true,
    automatic: false,
  })
  const callers = await startCallers()
  const open: (() => Promise<void>)[] = [callers.close, services.close, server.close]
  let count = 0

  return {
    server,
    services,
    api,
    callers,
    studio: async (content: DocumentJson = {}) => {
      const studio = await startStudio(server, services.base_url, content)
      open.unshift(studio.close)
      return studio
    },
    stock: async (name: string, idle: number) => {
      const stock = await startStock(name, idle, server, services.base_url)
      open.unshift(stock.close)
      return stock
    },
    /** A room with somebody in it who waits for an agent. */
    async newRoom() {
      const room_name = `bench-${++count}`
      await api.createRoom(room_name)
      const token = await callerToken(server, { room_name, identity: 'caller' })
      await callers.order({ do: 'join', who: room_name, url: server.url, token })
      return room_name
    },
    async closeRoom(room_name: string) {
      await callers.order({ do: 'leave', who: room_name })
      await api.deleteRoom(room_name)
    },
    close: async () => {
      for (const close of open) await close()
    },
  }
}
export type RoomScene = Awaited<ReturnType<typeof setRoomScene>>

/** As it is built, because the peer is built too. */
async function startStudio(server: Awaited<ReturnType<typeof startLiveKit>>, base_url: string, more: DocumentJson) {
  const { createHost } = (await import(new URL('../../out/host/host.js', import.meta.url).href)) as typeof HostModule
  const data_dir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
  const host = await createHost({ data_dir, samples_dir: null })
  const link = await localLink(host)
  for (const [name, value] of [
    ['bench_key', server.api_key],
    ['bench_secret', server.api_secret],
  ] as const)
    await link.call('secret.set', { name, value })
  await link.call('connection.save', {
    name: 'Bench',
    url: server.url,
    api_key: 'secret:bench_key',
    api_secret: 'secret:bench_secret',
    serve: true,
  })
  const content = { ...benchAgent(base_url), ...more }
  const { head } = await link.call('agent.create', { source: { kind: 'document', content } })
  const { agent_id } = head
  host.afterStart()
  const registered = async () =>
    (await link.call('connection.list', {})).worker.registrations.some(
      ({ dispatch_name, state }) => dispatch_name === agent_id && state === 'ready',
    )
  const isWarm = async () =>
    (await link.call('system.info', {})).processes.some(({ kind, state }) => kind === 'session' && state === 'ready')
  while (!((await registered()) && (await isWarm()))) await new Promise((resolve) => setTimeout(resolve, 50))
  return {
    link,
    name: agent_id,
    agent_id,
    pids: async () =>
      (await link.call('system.info', {})).processes.filter(({ kind }) => kind === 'session').map(({ pid }) => pid),
    close: async () => {
      await link.close()
      await rm(data_dir, { recursive: true, force: true })
    },
  }
}

/** Says nothing before it is asked; its fields are the one that is said. */
const benchAgent = (base_url: string): DocumentJson => ({
  format: 1,
  agent_id: 'bench-room',
  name: 'Bench',
  prompt_config: { instructions: 'Answer in one short sentence.' },
  schema_config: { fields: [] },
  stt_config: { provider: 'openai-compatible', base_url, model: 'test-model' },
  llm_config: { provider: 'openai-compatible', base_url, model: 'test-model' },
  tts_config: { provider: 'openai-compatible', base_url, model: 'tone' },
  turn_config: { turn_detection: 'vad' },
  routing: { dispatch_by_name: true },
})

/** `idle`: job processes that are started before anybody asks. */
async function startStock(name: string, idle: number, server: Awaited<ReturnType<typeof startLiveKit>>, base_url: string) {
  const env = {
    ...process.env,
    BENCH_URL: server.url,
    BENCH_KEY: server.api_key,
    BENCH_SECRET: server.api_secret,
    BENCH_SERVICE: base_url,
  }
  const child = fork(here('stock-server.mjs'), [name, String(idle)], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const offers = new Map<string, (at: number) => void>()
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the stock server ended with ${code}`)))
    child.on('message', (message: 'ready' | { offered: string; at: number }) => {
      if (message === 'ready') resolve()
      else offers.get(message.offered)?.(message.at)
    })
  })
  return {
    name,
    /** When the job for this room is offered to it. */
    offered: (room_name: string) => new Promise<number>((resolve) => offers.set(room_name, resolve)),
    pids: async () => childrenOf(child.pid ?? 0),
    close: () => ended(child),
  }
}

async function startCallers() {
  const child = fork(here('callers.ts'), {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, (report: CallerReport) => void>()
  let count = 0
  await new Promise<void>((resolve) => {
    child.on('message', (message: 'ready' | CallerReport) => {
      if (message === 'ready') resolve()
      else waiting.get(message.id)?.(message)
    })
  })
  const order = (told: Told<CallerOrder>): Promise<number> =>
    new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, ({ value, error }) => {
        waiting.delete(id)
        if (error === undefined) resolve(value)
        else reject(new Error(error))
      })
      child.send({ ...told, id })
    })
  await order({ do: 'voice', pcm: Buffer.from((await spoken()).buffer).toString('base64') })
  return { order, close: () => ended(child) }
}

/** A sentence without the silence behind it: its end is the moment that answers are measured from. */
async function spoken(): Promise<Int16Array> {
  const engine = await startEngine('espeak', await newAddress())
  const pcm = await callerVoice(engine.address, 'I have worked for three years on an audio engine.')
  engine.child.kill()
  await engine.ended
  const last = pcm.findLastIndex((sample) => Math.abs(sample) > 300)
  // Whole frames, in a buffer of its own.
  return pcm.slice(0, Math.ceil((last + 1) / 160) * 160)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** Only where the system tells (Linux). */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === pid
      } catch {
        // It has ended since the folder was read.
        return false
      }
    })
}
