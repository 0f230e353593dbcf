import type { Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { AsyncLocalStorage } from 'node:async_hooks'
import { StudioError, type ErrorBody } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import { RUNTIME_PROTOCOL, ToRuntime, type FromRuntime, type SessionSpec } from '../../core/contract/runtime.ts'
import type { HostChannel } from './host-channel.ts'
import { routeLiveKitLog, type Log } from './livekit-log.ts'
import { createEndOfTurn } from './end-of-turn.ts'
import { endWithin } from './end-within.ts'
import { createExtensions } from '../extensions/extensions.ts'
import { goOffline } from '../go-offline.ts'
import type { Call } from './call.ts'
import { startCall } from './start-call.ts'
import { serveChecks } from './check/serve-checks.ts'
import { serveTries } from '../tools/serve-tries.ts'

const ALIVE_EVERY_MS = 2000
/** How long calls get to say goodbye after `stop`. */
const STOP_MS = 3000
/** How long agents get to leave their rooms when there is no host any more. */
const ABANDON_MS = 1000

/** Who bears what goes wrong outside of every promise: the call, or the check, that it can be traced to. */
type Blame = AsyncLocalStorage<(cause: unknown) => void>

type ServedCall = { call: Promise<Call>; media: Promise<unknown> }

/** Runs the calls that the host asks for, until it says `stop` or is gone. One process serves many. */
export function serveSessions(channel: HostChannel): void {
  const calls = new Map<SessionId, ServedCall>()
  const blame: Blame = new AsyncLocalStorage()
  const log: Log = (level, text) => channel.send({ type: 'log', level, text })
  const endOfTurn = createEndOfTurn()
  const checks = serveChecks(channel, log, (bear, work) => blame.run(bear, work))
  const tries = serveTries(channel)
  routeLiveKitLog(log)
  const folder = process.env['GREENROOM_EXTENSIONS']
  const extensions = folder
    ? createExtensions({ folder, onReport: (report) => channel.send({ type: 'extensions', report }), log })
    : undefined

  const start = (spec: SessionSpec) => {
    const { session_id } = spec
    const call = blame.run(broken(session_id), () =>
      startCall(spec, {
        emit: (events) => channel.send({ type: 'events', session_id, events: [...events] }),
        ended: (reason) => {
          calls.delete(session_id)
          channel.send({ type: 'ended', session_id, reason })
        },
        sync: (sync_id) => channel.send({ type: 'sync', session_id, sync_id }),
        handoff: (agent_id, history) => channel.send({ type: 'handoff', session_id, agent_id, history }),
        askToken: () => channel.send({ type: 'room.token', session_id }),
        endOfTurn,
        extensions,
      }),
    )
    calls.set(session_id, { call, media: Promise.resolve() })
    call.then(
      () => channel.send({ type: 'started', session_id }),
      (cause: unknown) => fail(session_id, cause),
    )
  }

  const fail = (session_id: SessionId, cause: unknown) => {
    calls.delete(session_id)
    if (!(cause instanceof StudioError)) log('error', `call ${session_id} failed: ${describe(cause)}`)
    channel.send({ type: 'failed', session_id, error: toErrorBody(cause) })
  }

  const broken = (session_id: SessionId) => (cause: unknown) => {
    const served = calls.get(session_id)
    fail(session_id, cause)
    served?.call.then((call) => call.end('failed')).catch(() => {})
  }

  const withCall = (session_id: SessionId, act: (call: Call) => unknown) => {
    const served = calls.get(session_id)
    if (!served) return log('warn', `no call ${session_id} here`)
    served.call.then((call) => blame.run(broken(session_id), () => act(call))).catch((cause: unknown) => fail(session_id, cause))
  }

  const attach = (message: Extract<ToRuntime, { type: 'media' }>, socket: Socket | undefined) => {
    if (!socket) return log('warn', `media of ${message.session_id} came without its socket`)
    if (!calls.has(message.session_id)) socket.destroy()
    withCall(message.session_id, (call) => call.attachMedia(message.headers, Buffer.from(message.head, 'base64'), socket))
  }

  const stop = async (reason: string) => {
    const ending = [...calls.values()].map(({ call }) => call.then((running) => running.end(reason)).catch(() => {}))
    await Promise.race([Promise.all(ending), new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())])
  }

  const receive = (message: ToRuntime, socket: Socket | undefined): unknown => {
    switch (message.type) {
      case 'start':
        return start(message.session)
      case 'configure':
        return withCall(message.session_id, (call) => call.configure(message.config, message))
      case 'synced':
        return withCall(message.session_id, (call) => call.synced(message.sync_id))
      case 'handoff.refused':
        return withCall(message.session_id, (call) => call.handoffRefused(message.agent_id, message.reason))
      case 'room.token':
        return withCall(message.session_id, (call) => call.roomToken(message.token))
      case 'room.caller':
        return withCall(message.session_id, (call) => call.listenTo(message.identity))
      case 'say':
        return withCall(message.session_id, (call) => call.say(message.text))
      case 'interrupt':
        return withCall(message.session_id, (call) => call.interrupt())
      case 'event':
        return withCall(message.session_id, (call) => call.event({ name: message.name, data: message.data }))
      case 'end':
        return withCall(message.session_id, (call) => call.end(message.reason))
      case 'media':
        return attach(message, socket)
      case 'check':
        return checks.start(message)
      case 'tool.try':
        return tries.start(message)
      case 'check.cancel':
        checks.cancel(message.check_id)
        return tries.cancel(message.check_id)
      case 'offline':
        extensions?.offline(message.on)
        return goOffline(message.on)
      case 'stop':
        return stop('stopped').then(() => process.exit(0))
    }
  }

  channel.onMessage((raw, socket) => {
    const message = ToRuntime.safeParse(raw)
    if (message.success) receive(message.data, socket)
    else log('error', `the host sent a message that this process does not know: ${message.error.message}`)
  })
  // Ctrl-C in a terminal reaches the whole group; the host ends its processes in order.
  process.on('SIGINT', () => undefined)
  // The host is gone: a call that nobody keeps is worth nothing, and an agent that does not leave its room stays there as a ghost.
  channel.onClose(() => {
    const leaving = [...calls.values()].map(({ call }) => call.then((running) => running.abandon()).catch(() => {}))
    endWithin(ABANDON_MS)
    void Promise.all(leaving).then(endNow)
  })
  guardProcess(blame, log)
  reportAlive(channel.send, () => calls.size)
  channel.send({ type: 'ready', protocol: RUNTIME_PROTOCOL, pid: process.pid })
}

/**
 * Without the exit handlers of natives: those of LiveKit wait seconds for a server that died together with the host. Node still writes
 * down first what it has compiled.
 */
const endNow = (): void => void process.kill(process.pid, 'SIGKILL')

/** A bug in one call must not end the others: what can be traced to a call ends that call alone. */
function guardProcess(blame: Blame, log: Log): void {
  process.on('unhandledRejection', (cause) => {
    if (isAbort(cause)) return
    log('error', `unhandled rejection: ${describe(cause)}`)
    blame.getStore()?.(cause)
  })
  process.on('uncaughtException', (cause) => {
    log('error', `uncaught exception: ${describe(cause)}`)
    const bear = blame.getStore()
    if (bear) return bear(cause)
    // Whose state is broken is unknown. The host replaces this process, and its calls go on from their journals.
    setTimeout(() => process.exit(70), 50)
  })
}

function reportAlive(send: (message: FromRuntime) => void, sessions: () => number): void {
  const lag = monitorEventLoopDelay({ resolution: 10 })
  lag.enable()
  setInterval(() => {
    const loop_lag_ms = Math.max(0, lag.percentile(99) / 1e6 - 10)
    lag.reset()
    send({ type: 'alive', sessions: sessions(), memory_mb: Math.round(process.memoryUsage.rss() / 1e6), loop_lag_ms })
  }, ALIVE_EVERY_MS).unref()
}

const isAbort = (cause: unknown) => cause instanceof Error && cause.name === 'AbortError'
const describe = (cause: unknown) => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))

function toErrorBody(cause: unknown): ErrorBody {
  if (cause instanceof StudioError) return cause.body
  const message = cause instanceof Error ? cause.message : String(cause)
  return {
    code: 'runtime_failed',
    message: `The call ended because of a fault in the session process: ${message}`,
    hint: 'Start the call again. The log of the session process has the details.',
    problems: [],
  }
}
