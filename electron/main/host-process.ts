import { spawn, type ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { HostToShell, ShellToHost } from '../../core/contract/shell.ts'
import type { LaunchOptions } from './launch-options.ts'

/**
 * The host is a child with an IPC channel: when this process dies, however it dies, the channel closes and the host ends with its own
 * children. When only the host dies, it is started again; the page waits and reconnects, because the host keeps its port and login.
 */
const STOP_MS = 5_000
const RESTARTS_PER_MINUTE = 5

type HostEvents = {
  /** Also after every restart, with a fresh one-use URL. */
  ready: [Extract<HostToShell, { type: 'ready' | 'elsewhere' }>]
  /** It will not come back by itself. */
  failed: [Readonly<{ message: string; hint: string }>]
  /** It ended as asked. */
  stopped: []
}

export class HostProcess extends EventEmitter<HostEvents> {
  readonly #options: LaunchOptions
  #child: ChildProcess | undefined
  #isStopping = false
  #isElsewhere = false
  #starts: number[] = []
  #failure: Readonly<{ message: string; hint: string }> | undefined
  #lastRequest = 0
  readonly #grants = new Map<number, { resolve: (grant: string) => void; reject: (cause: Error) => void }>()

  constructor(options: LaunchOptions) {
    super()
    this.#options = options
  }

  start(): void {
    const { node, hostEntry, hostFlags } = this.#options
    this.#starts = [...this.#starts.filter((at) => at > Date.now() - 60_000), Date.now()]
    const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: _options, ...env } = process.env
    const child = spawn(node, [hostEntry, ...hostFlags], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'json',
      env,
      windowsHide: true,
    })
    this.#child = child
    child.on('message', (message) => isFromHost(message) && this.#receive(message))
    child.on('error', (cause) => this.#ended(child, cause.message))
    child.on('exit', (code, signal) => this.#ended(child, signal ?? `exit code ${String(code)}`))
  }

  /** Asks for a fresh one-use URL; `ready` brings it. */
  requestTicket(): void {
    this.#send({ type: 'ticket' })
  }

  /** A one-use grant for one file that the user picked. Rejects when the host is not there. */
  grant(access: 'read' | 'write', path: string): Promise<string> {
    const request_id = ++this.#lastRequest
    return new Promise((resolve, reject) => {
      this.#grants.set(request_id, { resolve, reject })
      if (!this.#send({ type: 'grant', request_id, access, path })) this.#rejectGrants()
    })
  }

  /** Orderly, then by force; `stopped` follows. */
  stop(): void {
    this.#isStopping = true
    const child = this.#child
    if (!child || this.#isElsewhere || !this.#send({ type: 'stop' })) {
      setImmediate(() => this.emit('stopped'))
      return
    }
    setTimeout(() => child.kill('SIGKILL'), STOP_MS).unref()
  }

  #send(message: ShellToHost): boolean {
    return this.#child?.connected === true && (this.#child.send(message), true)
  }

  #receive(message: HostToShell): void {
    switch (message.type) {
      case 'ready':
        this.emit('ready', message)
        return
      case 'elsewhere':
        this.#isElsewhere = true
        this.emit('ready', message)
        return
      case 'failed':
        this.#failure = { message: message.message, hint: message.hint }
        return
      case 'grant':
        this.#grants.get(message.request_id)?.resolve(message.grant)
        this.#grants.delete(message.request_id)
        return
    }
  }

  #ended(child: ChildProcess, how: string): void {
    if (child !== this.#child) return
    this.#child = undefined
    this.#rejectGrants()
    if (this.#isElsewhere) return
    if (this.#isStopping) this.emit('stopped')
    else if (this.#failure) this.emit('failed', this.#failure)
    else if (this.#starts.length > RESTARTS_PER_MINUTE)
      this.emit('failed', {
        message: `The studio's host ended ${this.#starts.length} times within a minute (${how}).`,
        hint: 'Start Greenroom again; the log in the data folder says why it ended.',
      })
    else this.start()
  }

  #rejectGrants(): void {
    for (const { reject } of this.#grants.values()) reject(new Error('The host is not there; try again in a moment.'))
    this.#grants.clear()
  }
}

/** The host is of the same build as this shell; anything else on the channel is not for it. */
const isFromHost = (message: unknown): message is HostToShell =>
  typeof message === 'object' && message !== null && 'type' in message
