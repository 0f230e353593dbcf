import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { FromEngine, type ToEngine } from '../../core/contract/engine.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { EngineAddress } from '../../core/contract/runtime.ts'
import { createBackOff } from './back-off.ts'
import { deferred } from './deferred.ts'
import type { OfflineSwitch } from './offline-switch.ts'
import type { ProcessState } from './process-state.ts'
import { startProcess, type ProcessLimits, type SupervisedProcess } from './supervised-process.ts'

/*
 * Threat model: other users of the machine may reach local sockets and pipes, and could read a caller's voice or speak with ours. The
 * socket lies in a folder of mode 0700, a named pipe has an unguessable name, and both answer only to a random token that travels over IPC.
 */

export type EngineKind = 'speech' | 'espeak' | 'llm'

export type EngineSupervisor = Readonly<{
  /** Starts the engine if it does not run (or runs on other models) and resolves when it listens. The address stays the same for good. */
  address: (modelsDir?: string) => Promise<EngineAddress>
  processes: () => ProcessState[]
  close: () => Promise<void>
}>

export type EngineOptions = Readonly<{
  kind: EngineKind
  entry: string
  log: Logger
  cacheDir?: string | undefined
  offline: OfflineSwitch
  limits: ProcessLimits
  /** A 0700 folder for the socket. */
  socketDir: () => Promise<string>
  onChange: () => void
}>

type Running = Readonly<{ modelsDir: string | undefined; process: SupervisedProcess<ToEngine>; listening: Promise<void> }>

export function createEngineSupervisor(options: EngineOptions): EngineSupervisor {
  const { kind, log, onChange } = options
  const token = randomBytes(32).toString('hex')
  const pipe = `\\\\.\\pipe\\greenroom-${kind}-${randomBytes(16).toString('hex')}`
  let running: Running | undefined
  const backOff = createBackOff()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const path = async () => (process.platform === 'win32' ? pipe : join(await options.socketDir(), `${kind}.sock`))

  function run(modelsDir: string | undefined): Running {
    clearTimeout(timer)
    const began = performance.now()
    const listening = deferred<void>()
    const child = startProcess<ToEngine, FromEngine>({
      ...options,
      name: `${kind} process`,
      read: (raw) => FromEngine.safeParse(raw).data,
      onMessage: (message) => {
        if (message.type === 'listening') listening.resolve()
        if (message.type === 'failed') listening.reject(engineFailed(kind, message.message))
      },
    })
    const self: Running = { modelsDir, process: child, listening: listening.promise }
    listening.promise.then(onChange, (error: unknown) => {
      log.error({ error }, `the ${kind} process does not listen`)
      child.kill()
    })
    void child.gone.then((how) => {
      listening.reject(engineFailed(kind, how))
      if (running === self) running = undefined
      onChange()
      if (closed || running || child.state() === 'stopping') return
      timer = setTimeout(() => (running ??= run(modelsDir)), backOff(performance.now() - began)).unref()
    })
    void listen(child, modelsDir).catch(listening.reject)
    running = self
    onChange()
    return self
  }

  async function listen(child: SupervisedProcess<ToEngine>, modelsDir: string | undefined): Promise<void> {
    await child.ready
    const socket = await path()
    if (process.platform !== 'win32') await rm(socket, { force: true })
    await child.send({ type: 'listen', path: socket, token, ...(modelsDir !== undefined && { models_dir: modelsDir }) })
  }

  return {
    async address(modelsDir) {
      if (running && running.modelsDir !== modelsDir) {
        const old = running
        running = undefined
        await old.process.stop()
      }
      await (running ?? run(modelsDir)).listening
      return { path: await path(), token }
    },
    processes: () => {
      const state = running?.process.state()
      if (!running || !state || state === 'gone') return []
      return [{ kind, pid: running.process.pid, state, sessions: 0, memory_mb: running.process.memoryMb() }]
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running?.process.stop()
    },
  }
}

const engineFailed = (kind: EngineKind, why: string): StudioError =>
  new StudioError(
    'runtime_failed',
    `The ${kind} process could not be used: ${why}.`,
    'Try again; if it stays, choose another provider in Voice & models and look into the log.',
  )
