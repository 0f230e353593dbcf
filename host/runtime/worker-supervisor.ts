/** Threat model: exposures hold API secrets. They stay in memory, go to the worker over its channel alone, and never into a log or a state. */
import type { Logger } from 'pino'
import type { WorkerRegistration } from '../../core/contract/connections.ts'
import { FromWorker, type Exposure, type ToWorker } from '../../core/contract/worker.ts'
import { createBackOff } from './back-off.ts'
import type { OfflineSwitch } from './offline-switch.ts'
import { startProcess, type ProcessLimits, type SupervisedProcess } from './supervised-process.ts'
import { tellSoon } from './tell-soon.ts'
import { createWorkerBook } from './worker-book.ts'
import { createWorkerJobs } from './worker-jobs.ts'
import type { Worker, WorkerListener } from './worker-port.ts'
import { takesNone, workerStanding } from './worker-standing.ts'

export type WorkerOptions = Readonly<{
  entry: string
  log: Logger
  cacheDir?: string | undefined
  offline: OfflineSwitch
  limits: ProcessLimits
  /** A process came, went or changed. */
  onChange: () => void
  listener: WorkerListener
}>

type Child = SupervisedProcess<ToWorker>

const LOG_LINES = 200
const TELL_CHANGE_MS = 150

export function createWorkerSupervisor({ listener, onChange, ...options }: WorkerOptions): Worker {
  const { log } = options
  const backOff = createBackOff()
  const lines: string[] = []
  const change = tellSoon(() => listener.onChange?.(), TELL_CHANGE_MS)
  const book = createWorkerBook(change.soon)
  const jobs = createWorkerJobs(listener, log, change.soon)
  let exposures: readonly Exposure[] = []
  let standing = { load: 0, sessions: 0, draining: false }
  let child: Child | undefined
  /** The one that was told to stop. */
  let stopping: Child | undefined
  let restart: NodeJS.Timeout | undefined
  let closed = false

  const note = (text: string) => {
    lines.push(`${new Date().toISOString()} ${text}`)
    lines.splice(0, lines.length - LOG_LINES)
    change.soon()
  }
  /** What cannot be told to a process that is just dying is told to its successor. */
  const send = (to: Child | undefined, message: ToWorker) => {
    if (to?.state() !== 'ready') return
    to.send(message).catch((error: unknown) => log.debug({ error }, 'the worker was not told'))
  }

  function receive(from: Child, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        send(from, { type: 'load', load: standing.load })
        send(from, { type: 'drain', on: standing.draining })
        send(from, { type: 'expose', exposures: [...exposures] })
        return onChange()
      case 'registration':
        return book.told(message.registration)
      case 'unregistered':
        book.unregistered(message)
        return stopWhenIdle()
      case 'offered': {
        const { connection_id, job_id } = message.offer
        return void jobs.offered(message.offer, (answer) => {
          if (child !== from) return false
          send(from, { type: 'answer', connection_id, job_id, answer })
          return true
        })
      }
      case 'assigned':
        return jobs.assigned(message)
      case 'terminated':
        return jobs.terminated(message.job_id)
      case 'log':
        log[message.level]({ process: 'worker' }, message.text)
        return note(message.text)
      case 'alive':
    }
  }

  function start(): void {
    clearTimeout(restart)
    restart = undefined
    if (child || closed || exposures.length === 0) return
    const began = performance.now()
    const started: Child = startProcess<ToWorker, FromWorker>({
      ...options,
      name: 'worker',
      read: (raw) => FromWorker.safeParse(raw).data,
      onMessage: (message) => receive(started, message),
      onLine: note,
    })
    child = started
    onChange()
    change.soon()
    void started.gone.then((how) => ended(stopping === started, how, performance.now() - began))
  }

  function ended(wanted: boolean, how: string, lived: number): void {
    child = undefined
    jobs.processGone()
    const wait = wanted ? 0 : backOff(lived)
    const reason = `The worker ended (${how}); it starts again.`
    if (!wanted) note(reason)
    book.processGone(wanted ? undefined : reason)
    onChange()
    if (!closed) restart = setTimeout(start, wait).unref()
  }

  function stopWhenIdle(): void {
    if (exposures.length > 0 || book.list().length > 0) return
    stopping = child
    void child?.stop()
  }

  const withJobs = (registration: WorkerRegistration): WorkerRegistration => ({
    ...registration,
    jobs: jobs
      .running()
      .filter(
        ({ connection_id, dispatch_name }) =>
          connection_id === registration.connection_id && dispatch_name === registration.dispatch_name,
      ).length,
  })

  return {
    expose(next) {
      exposures = next
      book.want(next)
      if (child) send(child, { type: 'expose', exposures: [...next] })
      else if (!restart) start()
      stopWhenIdle()
    },
    async ready(connection_id, dispatch_name, within_ms) {
      const name = { connection_id, dispatch_name }
      if (standing.draining) throw takesNone()
      if (book.find(name)?.state === 'ready') return
      const outcome = book.whenReady(name, within_ms)
      // Whoever waits for its next attempt makes it now.
      send(child, { type: 'expose', exposures: [...exposures] })
      await outcome
    },
    job(connection_id, job_id, status, error) {
      if (status !== 'running') jobs.ended(job_id)
      send(child, { type: 'job', connection_id, job_id, status, ...(error !== undefined && { error }) })
    },
    setLoad(load, sessions) {
      const before = standing
      standing = { ...standing, load, sessions }
      if (before.load !== load) send(child, { type: 'load', load })
      if (before.load !== load || before.sessions !== sessions) change.soon()
    },
    drain(on) {
      standing = { ...standing, draining: on }
      send(child, { type: 'drain', on })
      change.soon()
    },
    state: () => ({
      state: workerStanding({
        wanted: exposures.length > 0,
        starting: child?.state() === 'starting',
        draining: standing.draining,
        registrations: book.list(),
      }),
      draining: standing.draining,
      registrations: book.list().map(withJobs),
      sessions: standing.sessions,
      load: standing.load,
      memory_mb: child?.memoryMb() ?? 0,
      log: [...lines],
    }),
    processes: () => {
      const state = child?.state()
      if (!child || !state || state === 'gone') return []
      return [{ kind: 'worker' as const, pid: child.pid, state, sessions: 0, memory_mb: child.memoryMb() }]
    },
    async close() {
      closed = true
      clearTimeout(restart)
      change.stop()
      book.close()
      stopping = child
      await child?.stop()
    },
  }
}
