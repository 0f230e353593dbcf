import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import type { Logger } from 'pino'
import type { FromEngine, ToEngine } from '../../core/contract/engine.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { RUNTIME_PROTOCOL, type FromRuntime, type ToRuntime } from '../../core/contract/runtime.ts'
import type { FromWorker, ToWorker } from '../../core/contract/worker.ts'
import type { Reach } from '../fetching/reach.ts'
import { childEnvironment } from './child-environment.ts'
import { deferred } from './deferred.ts'
import { watchHeartbeat, type Heartbeat } from './heartbeat.ts'
import type { OfflineSwitch } from './offline-switch.ts'
import { guardPreload } from './runtime-entry.ts'

type Incoming = FromRuntime | FromEngine | FromWorker
type Outgoing = ToRuntime | ToEngine | ToWorker

export type ProcessSpec<From extends Incoming> = Readonly<{
  /** For the log and for people, e.g. "session process 2". */
  name: string
  entry: string
  /** Of the program that runs it. */
  flags?: readonly string[]
  log: Logger
  cacheDir?: string | undefined
  offline: OfflineSwitch
  /** Where its connections may lead; default anywhere. */
  reach?: Reach | undefined
  limits: ProcessLimits
  /** Undefined: not a message of the contract. */
  read: (raw: unknown) => From | undefined
  onMessage: (message: From) => void
  /** What it writes to its output, line by line, besides into the log. */
  onLine?: (line: string) => void
}>

/** All in ms. */
export type ProcessLimits = Readonly<{
  /** From start to `ready`: generous, because slow machines load natives slowly. */
  handshake: number
  /** Without `alive` for so long the process is taken for hung, and killed. */
  silence: number
  /** From `stop` to the kill. */
  grace: number
}>
export const PROCESS_LIMITS: ProcessLimits = { handshake: 30_000, silence: 15_000, grace: 5_000 }

export type SupervisedProcess<To extends Outgoing> = Readonly<{
  pid: number
  state: () => 'starting' | 'ready' | 'stopping' | 'gone'
  memoryMb: () => number
  /** Rejects with `runtime_failed` when it ends or stays silent before the handshake. */
  ready: Promise<void>
  /** Resolves once, with how it ended, after its last message was delivered. */
  gone: Promise<string>
  /** Resolves when the message (and the socket with it) is on its way; rejects with `runtime_failed` when the process is gone. */
  send: (message: To, socket?: Socket) => Promise<void>
  /** By message first, and after the grace by force. */
  stop: () => Promise<void>
  kill: () => void
}>

/** Starts a runtime process as a child and watches over it from handshake to end. */
export function startProcess<To extends Outgoing, From extends Incoming>(spec: ProcessSpec<From>): SupervisedProcess<To> {
  const { name, log, limits } = spec
  const child = spawn(process.execPath, [...(spec.flags ?? []), '--import', guardPreload(), spec.entry], {
    env: childEnvironment(process.env, spec.offline.isOn(), spec.cacheDir, spec.reach),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
    windowsHide: true,
  })
  let state: 'starting' | 'ready' | 'stopping' | 'gone' = 'starting'
  let memoryMb = 0
  const handshake = deferred<void>()
  /** From `ready` on: until then the limit is that of the handshake, which a busy machine needs. */
  let heartbeat: Heartbeat | undefined
  const watch = () =>
    watchHeartbeat(limits.silence, () => {
      log.error({ process: name, pid: child.pid }, 'no sign of life; killed')
      child.kill('SIGKILL')
    })

  const gone = endOf(child).then((how) => {
    state = 'gone'
    stopListening()
    heartbeat?.stop()
    handshake.reject(failed(name, `it ended before it was ready (${how})`))
    log.info({ process: name, pid: child.pid }, `ended: ${how}`)
    return how
  })
  const late = setTimeout(() => {
    handshake.reject(failed(name, `it was not ready after ${limits.handshake / 1000} s`))
    child.kill('SIGKILL')
  }, limits.handshake).unref()
  const onTime = () => clearTimeout(late)
  handshake.promise.then(onTime, onTime)

  logLines(child.stdout, (line) => {
    log.info({ process: name }, line)
    spec.onLine?.(line)
  })
  logLines(child.stderr, (line) => {
    log.warn({ process: name }, line)
    spec.onLine?.(line)
  })

  /** What a stranger has nested so deeply that it cannot be followed must not end the host. */
  function read(raw: unknown): From | undefined {
    try {
      return spec.read(raw)
    } catch {
      // It counts as outside the contract, and is logged as that.
      return undefined
    }
  }

  child.on('message', (raw) => {
    const message = read(raw)
    if (!message) {
      log.error({ process: name, raw: inspect(raw).slice(0, 500) }, 'message outside the contract; dropped')
      return
    }
    const known: Incoming = message
    heartbeat?.beat()
    if (known.type === 'alive') memoryMb = known.memory_mb
    if (known.type === 'ready') {
      if (known.protocol !== RUNTIME_PROTOCOL) {
        handshake.reject(failed(name, `it speaks protocol ${known.protocol}, this host ${RUNTIME_PROTOCOL}`))
        child.kill('SIGKILL')
        return
      }
      if (state === 'starting') state = 'ready'
      heartbeat ??= watch()
      handshake.resolve()
    }
    spec.onMessage(message)
  })

  const send = (message: Outgoing, socket?: Socket) =>
    new Promise<void>((resolve, reject) => {
      if (!child.connected) {
        reject(failed(name, 'it is gone'))
        return
      }
      child.send(message, socket, {}, (error) => {
        if (error) reject(failed(name, error.message))
        else resolve()
      })
    })

  const stopListening = spec.offline.onChange((on) => {
    // One that cannot be told is dead or dying.
    void send({ type: 'offline', on }).catch((error: unknown) => log.debug({ process: name, error }, 'not told'))
  })

  return {
    pid: child.pid ?? 0,
    state: () => state,
    memoryMb: () => memoryMb,
    ready: handshake.promise,
    gone,
    send,
    async stop() {
      if (state === 'gone') return
      // What is still loading has nothing to put in order, and would hear of it late.
      if (state === 'starting') child.kill('SIGKILL')
      state = 'stopping'
      const force = setTimeout(() => child.kill('SIGKILL'), limits.grace)
      // A process that is just dying cannot be told; its end is what is waited for either way.
      await send({ type: 'stop' }).catch((error: unknown) => log.debug({ process: name, error }, 'stop was not delivered'))
      await gone
      clearTimeout(force)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

const failed = (name: string, why: string): StudioError =>
  new StudioError(
    'runtime_failed',
    `The ${name} could not be used: ${why}.`,
    'Try again; if it stays, look into the log for its last lines.',
  )

/** `exit` alone may come before the last messages are read, `disconnect` comes after them. */
async function endOf(child: ChildProcess): Promise<string> {
  const failedToStart = once(child, 'error').then(([error]) => `could not be started: ${String(error)}`)
  const exit = once(child, 'exit').then(([code, signal]) =>
    signal ? `killed by ${String(signal)}` : `exit code ${String(code)}`,
  )
  const disconnect = child.connected ? once(child, 'disconnect') : Promise.resolve()
  const how = await Promise.race([exit, failedToStart])
  await Promise.race([disconnect, new Promise((resolve) => setTimeout(resolve, 500).unref())])
  return how
}

function logLines(stream: Readable | null, write: (line: string) => void): void {
  if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => write(line.slice(0, 8000)))
}
