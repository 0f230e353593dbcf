import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sample } from '../measure.ts'
import { now, setRoomScene } from './room-scene.ts'

type Prepared = Readonly<{ ours: Sample; peer: Sample; close: () => Promise<void> }>
const at = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** P6: ms from the start of a process until it can take a call: our session process against a stock job process, both as they are built. */
export async function processReadyBench(): Promise<Prepared> {
  const cache = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
  const timed =
    (entry: string, how: Readonly<{ argv?: string[]; execArgv?: string[]; env: object; hello?: object }>) => async () => {
      const { argv = [], execArgv = [], env, hello } = how
      const began = performance.now()
      const child = fork(entry, argv, {
        env: { ...process.env, ...env },
        execArgv,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      if (hello) child.send(hello)
      await once(child, 'message')
      const took = performance.now() - began
      const gone = once(child, 'exit')
      // Ours as its host ends it, so that what it has compiled is kept for the next one, as it is in use.
      if (hello) child.kill('SIGKILL')
      else child.send({ type: 'stop' })
      await gone
      return took
    }
  const loggerOptions = { pretty: false, level: 'warn' }
  const initializeRequest = { case: 'initializeRequest', value: { loggerOptions, sessionEndTimeout: 1000 } }
  return {
    ours: timed(at('../../out/runtime/session-process.js'), {
      execArgv: ['--max-semi-space-size=8', '--import', new URL('../../out/runtime/guard-preload.js', import.meta.url).href],
      env: { NODE_COMPILE_CACHE: cache },
    }),
    peer: timed(fileURLToPath(new URL('./ipc/job_proc_lazy_main.js', import.meta.resolve('@livekit/agents'))), {
      argv: [at('stock-agent.mjs')],
      env: { BENCH_SERVICE: 'http://127.0.0.1:1' },
      hello: initializeRequest,
    }),
    close: () => rm(cache, { recursive: true, force: true }),
  }
}

/**
 * P6: ms from the offer of a job until its agent is in the room, heard, and listening. `idle`: job processes that the stock server keeps
 * ready. What the LiveKit server itself waits before it offers a job (about 200 ms) is seen at the peer, and taken off ours.
 */
export async function jobStartBench(idle: number): Promise<Prepared> {
  const scene = await setRoomScene()
  const stock = await scene.stock('stock', idle)
  const studio = await scene.studio()
  let wait = 0

  const agentIn = async (name: string, offered?: (room_name: string) => Promise<number>): Promise<number> => {
    const room_name = await scene.newRoom()
    const offer = offered?.(room_name)
    const asked = now()
    await scene.api.dispatch(room_name, name, '')
    const listening = await scene.callers.order({ do: 'agent', who: room_name, state: 'listening' })
    if (offer) wait = (await offer) - asked
    await scene.closeRoom(room_name)
    return listening - asked - wait
  }
  // The first of all tells how long the server waits.
  await agentIn('stock', stock.offered)
  return {
    ours: () => agentIn(studio.name),
    peer: async () => {
      const took = await agentIn('stock', stock.offered)
      // Its next process is ready, and the one before is gone, before anything else is measured.
      while ((await stock.pids()).length !== idle) await new Promise((resolve) => setTimeout(resolve, 50))
      await new Promise((resolve) => setTimeout(resolve, idle * 1500))
      return took
    },
    close: scene.close,
  }
}
