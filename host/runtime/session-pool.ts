import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId, TenantId } from '../../core/contract/ids.ts'
import { FromRuntime, type ToRuntime } from '../../core/contract/runtime.ts'
import type { ExtensionReport } from '../../core/extension/extension-report.ts'
import type { Reach } from '../fetching/reach.ts'
import { createBackOff } from './back-off.ts'
import type { OfflineSwitch } from './offline-switch.ts'
import type { ProcessState } from './process-state.ts'
import { startProcess, type ProcessLimits, type SupervisedProcess } from './supervised-process.ts'

/** What a session hears from the process that holds it. */
export type SessionListener = Readonly<{
  onMessage: (message: SessionMessage) => void
  /** The process died; nothing more comes. Not called after `release`. */
  onGone: (how: string) => void
}>
export type SessionMessage = Extract<FromRuntime, { session_id: SessionId }>
export type CheckMessage = Extract<FromRuntime, { check_id: string }>

/** What a check hears from the process that does it. */
export type CheckListener = Readonly<{ onMessage: (message: CheckMessage) => void; onGone: (how: string) => void }>

/** A place in a process, of a session or a check. */
export type SessionSlot = Readonly<{
  pid: number
  send: (message: ToRuntime, socket?: Socket) => Promise<void>
  /** It is over: its place is free. */
  release: () => void
}>

/** Which sessions may share a process: those that may reach the same, and with `tenant_id` only those of this tenant. */
export type ProcessGroup = Readonly<{ reach: Reach; tenant_id?: TenantId }>

export type SessionPool = Readonly<{
  /** A place in a process that is ready: a started one if there is room, else a new one. `group`: default anywhere, with all. */
  acquire: (session_id: SessionId, listener: SessionListener, group?: ProcessGroup) => Promise<SessionSlot>
  /** A place for a check, which takes no room from sessions. */
  acquireCheck: (check_id: string, listener: CheckListener, group?: ProcessGroup) => Promise<SessionSlot>
  /** From now on one process with room is always kept ready. */
  keepWarm: () => void
  /** While it is wanted, an empty process is ready beside those that hold sessions: a call in a room cannot wait for one to start. */
  keepSpare: (wanted: boolean) => void
  processes: () => ProcessState[]
  close: () => Promise<void>
}>

/** Of one group. `letCool`: nothing is kept ready any more; what is in use stays. */
export type GroupPool = SessionPool & Readonly<{ letCool: () => void }>

/**
 * After so many a process takes no more, and ends with the last of them: the native library of LiveKit rooms (rtc-node 0.13.35) keeps half a
 * megabyte of each room that was joined, whatever is closed.
 */
const MOST_SERVED = 200
/** In MB. V8 would let the space for short-lived objects grow to 134 MB; sound makes many of these, and none lives long. */
const YOUNG_MB = 8

type Member = {
  process: SupervisedProcess<ToRuntime>
  served: number
  sessions: Map<SessionId, SessionListener>
  checks: Map<string, CheckListener>
}

/** A place that is taken while its process is not ready yet: whoever waits for it hears of a death by `ready`. */
const RESERVED: SessionListener & CheckListener = { onMessage: () => undefined, onGone: () => undefined }

export type PoolOptions = Readonly<{
  /** In which all sessions of this pool are. */
  group?: ProcessGroup
  entry: string
  log: Logger
  cacheDir?: string | undefined
  offline: OfflineSwitch
  limits: ProcessLimits
  sessionsPerProcess: () => number
  onChange: () => void
  /** What a process has loaded of the extensions folder. */
  onExtensions?: ((report: ExtensionReport) => void) | undefined
}>

/** Session processes: each holds up to `sessionsPerProcess` sessions, is started on demand, and stopped when it is empty and not the last. */
export function createSessionPool(options: PoolOptions): GroupPool {
  const { log, onChange } = options
  const members = new Set<Member>()
  const backOff = createBackOff()
  let started = 0
  let warm = false
  let spare = false
  let closed = false

  const isWorn = ({ served }: Member) => served >= MOST_SERVED
  const hasRoom = (member: Member) => {
    const state = member.process.state()
    const serves = (state === 'ready' || state === 'starting') && !isWorn(member)
    return serves && member.sessions.size < options.sessionsPerProcess()
  }

  function start(): Member {
    const began = performance.now()
    const sessions: Member['sessions'] = new Map()
    const checks: Member['checks'] = new Map()
    const name = `session process ${++started}`
    const process = startProcess<ToRuntime, FromRuntime>({
      ...options,
      reach: options.group?.reach,
      name,
      flags: [`--max-semi-space-size=${YOUNG_MB}`],
      read: (raw) => FromRuntime.safeParse(raw).data,
      onMessage: (message) => {
        if (message.type === 'log') log[message.level]({ process: name }, message.text)
        else if (message.type === 'ready') onChange()
        else if (message.type === 'extensions') options.onExtensions?.(message.report)
        else if ('session_id' in message) sessions.get(message.session_id)?.onMessage(message)
        else if ('check_id' in message) checks.get(message.check_id)?.onMessage(message)
      },
    })
    const member = { process, served: 0, sessions, checks }
    members.add(member)
    onChange()
    void process.gone.then((how) => {
      members.delete(member)
      onChange()
      for (const listener of [...sessions.values(), ...checks.values()]) listener.onGone(how)
      if (!closed) setTimeout(fillUp, backOff(performance.now() - began)).unref()
    })
    return member
  }

  /** Ready ones first, and of these the one with the fewest sessions, so that the cores share the work. */
  const best = (): Member | undefined =>
    [...members].filter(hasRoom).sort((a, b) => rank(a) - rank(b) || a.sessions.size - b.sessions.size)[0]
  /** The spare one comes last of those that are ready, or it would never be spare. */
  const rank = ({ process, sessions }: Member) => (process.state() === 'ready' ? (spare && sessions.size === 0 ? 1 : 0) : 2)
  const hasSpare = () => [...members].some((member) => hasRoom(member) && member.sessions.size === 0)

  function fillUp(): void {
    if (closed || !((warm && !best()) || (spare && !hasSpare()))) return
    start().process.ready.catch((error: unknown) => {
      if (!closed) log.error({ error }, 'no session process could be kept ready')
    })
  }

  function retire(): void {
    const empty = [...members].filter(
      ({ process, sessions, checks }) => process.state() === 'ready' && sessions.size + checks.size === 0,
    )
    // A tenant's own processes are kept for later only while that is asked for.
    const spared = warm || options.group?.tenant_id === undefined ? empty.find((member) => !isWorn(member)) : undefined
    for (const member of empty) if (member !== spared) void member.process.stop().then(onChange)
  }

  /** `table`: where the process keeps those of this kind; the place is held while it starts. */
  async function place<Id, Listener>(
    table: (member: Member) => Map<Id, Listener | typeof RESERVED>,
    id: Id,
    listener: Listener,
  ): Promise<SessionSlot> {
    if (closed) throw new StudioError('unavailable', 'Greenroom is closing.', 'Start it again, then try again.')
    const member = best() ?? start()
    const { process } = member
    const places = table(member)
    places.set(id, RESERVED)
    member.served += 1
    fillUp()
    try {
      await process.ready
    } catch (error) {
      places.delete(id)
      throw error
    }
    places.set(id, listener)
    onChange()
    return {
      pid: process.pid,
      send: process.send,
      release: () => {
        if (places.get(id) !== listener) return
        places.delete(id)
        onChange()
        retire()
      },
    }
  }

  return {
    acquire: (session_id, listener) => place(({ sessions }) => sessions, session_id, listener),
    acquireCheck: (check_id, listener) => place(({ checks }) => checks, check_id, listener),
    keepWarm: () => {
      warm = true
      fillUp()
    },
    letCool: () => {
      warm = false
      retire()
    },
    keepSpare: (wanted) => {
      spare = wanted
      fillUp()
      if (!wanted) retire()
    },
    processes: () =>
      [...members].flatMap(({ process, sessions }) => {
        const state = process.state()
        if (state === 'gone') return []
        return [{ kind: 'session' as const, pid: process.pid, state, sessions: sessions.size, memory_mb: process.memoryMb() }]
      }),
    close: async () => {
      closed = true
      await Promise.all([...members].map(({ process }) => process.stop()))
    },
  }
}
