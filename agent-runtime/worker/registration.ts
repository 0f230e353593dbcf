import type { Job } from '@livekit/protocol'
import type { WorkerRegistration } from '../../core/contract/connections.ts'
import type { Exposure, FromWorker, JobAnswer, JobOffer } from '../../core/contract/worker.ts'
import { openAgentLine, type AgentLine, type FromServer } from './agent-line.ts'
import { createJobDesk, type JobStatusName } from './job-desk.ts'
import type { Loss } from './loss.ts'
import { retryWait } from './retry-wait.ts'
import { availabilityMessage, jobMessage, statusMessage, type WorkerStanding } from './worker-messages.ts'

/** One dispatch name on one server, registered for ever until it leaves. */
export type Registration = Readonly<{
  exposure: Exposure
  /** Connects for the first time. */
  start: () => void
  /** False: this job is not waited for here. */
  answer: (job_id: string, answer: JobAnswer) => boolean
  /** False: this job is not ours. */
  job: (job_id: string, status: JobStatusName, error: string) => boolean
  /** Load or draining of the whole worker have changed. */
  standingChanged: () => void
  /** Not after the wait, but now. */
  retry: () => void
  /** Takes no more jobs, and closes when those that run have ended. */
  leave: () => void
  /** Wanted again while it was leaving. */
  stay: () => void
  close: () => void
}>

export type RegistrationContext = Readonly<{
  version: string
  standing: () => WorkerStanding
  tell: (message: FromWorker) => void
  /** It left. */
  onGone: () => void
}>

type State = Pick<WorkerRegistration, 'state' | 'reason' | 'worker_id' | 'since'>

export function createRegistration(exposure: Exposure, { version, standing, tell, onGone }: RegistrationContext): Registration {
  const { connection_id, dispatch_name } = exposure
  const label = `"${dispatch_name}" on ${connection_id}`
  let state: State = { state: 'connecting', since: Date.now() }
  let line: AgentLine | undefined
  let timer: NodeJS.Timeout | undefined
  let tries = 0
  let leaving = false
  let closed = false

  const log = (level: 'info' | 'warn', text: string) => tell({ type: 'log', level, text })
  const isRegistered = () => state.worker_id !== undefined
  const isFull = () => leaving || standing().draining
  const report = () => {
    if (closed) return
    const registration: WorkerRegistration = { connection_id, dispatch_name, ...state, jobs: jobs.running() }
    tell({ type: 'registration', registration })
  }
  const enter = (next: Omit<State, 'since'>) => {
    const same = next.state === state.state && next.reason === state.reason && next.worker_id === state.worker_id
    // A refusal is told each time: somebody may wait for how this attempt ends.
    if (same && next.state !== 'failed') return
    state = { ...next, since: next.state === state.state ? state.since : Date.now() }
    report()
  }

  const jobs = createJobDesk({
    onTerminated: (job_id) => tell({ type: 'terminated', connection_id, job_id }),
    onSilence: (job_id) => {
      log('warn', `Job ${job_id} for ${label} was refused: nobody decided in time.`)
      line?.send(availabilityMessage(job_id, { accept: false, reason: 'nobody decided' }))
    },
  })

  function connect(): void {
    clearTimeout(timer)
    timer = undefined
    line = openAgentLine(exposure, version, { onRegistered, onMessage, onLost })
  }

  function onRegistered(worker_id: string, server_version: string): void {
    tries = 0
    log('info', `Registered ${label} as ${worker_id}, LiveKit ${server_version || 'of unknown version'}.`)
    // The server knows before anybody here counts on it.
    line?.send(statusMessage(standing(), isFull(), jobs.running()))
    enter({ state: isFull() ? 'draining' : 'ready', worker_id })
    // The open server has forgotten them and ignores this; calls go on either way.
    for (const job_id of jobs.list()) line?.send(jobMessage(job_id, 'running', ''))
  }

  function onLost({ state: how, reason }: Loss): void {
    line = undefined
    jobs.lineLost()
    if (leaving) return close()
    if (reason !== state.reason) log('warn', `Not registered: ${label}. ${reason}`)
    timer = setTimeout(connect, retryWait(tries, how))
    tries += 1
    enter({ state: how, reason })
  }

  function onMessage(message: FromServer): void {
    switch (message.case) {
      case 'availability':
        return message.value.job && offered(message.value.job)
      case 'assignment':
        return message.value.job && assigned(message.value.job.id, message.value.token, message.value.url)
      case 'termination':
        log('info', `The server ends job ${message.value.jobId}.`)
        return tell({ type: 'terminated', connection_id, job_id: message.value.jobId })
      case 'register':
      case 'pong':
    }
  }

  function offered(job: Job): void {
    if (isFull()) return line?.send(availabilityMessage(job.id, { accept: false, reason: 'draining' }))
    jobs.offered(job.id)
    tell({ type: 'offered', offer: toOffer(job, exposure) })
  }

  function assigned(job_id: string, token: string, url: string | undefined): void {
    jobs.assigned(job_id)
    tell({ type: 'assigned', connection_id, job_id, token, ...(url && { url }) })
    report()
  }

  function close(): void {
    if (closed) return
    closed = true
    clearTimeout(timer)
    jobs.lineLost()
    line?.close()
    onGone()
  }

  const changed = () => {
    if (!isRegistered() || closed) return
    line?.send(statusMessage(standing(), isFull(), jobs.running()))
    enter({ ...state, state: isFull() ? 'draining' : 'ready' })
  }

  return {
    exposure,
    start() {
      connect()
      report()
    },
    answer(job_id, answer) {
      if (!jobs.answered(job_id, answer.accept)) return false
      line?.send(availabilityMessage(job_id, answer))
      if (!answer.accept) log('info', `Job ${job_id} for ${label} was refused: ${answer.reason}`)
      return true
    },
    job(job_id, status, error) {
      if (!jobs.has(job_id)) return false
      line?.send(jobMessage(job_id, status, error))
      if (status === 'running') return true
      jobs.ended(job_id)
      report()
      if (leaving && jobs.running() === 0) close()
      return true
    },
    standingChanged: changed,
    retry() {
      if (timer) connect()
    },
    leave() {
      leaving = true
      if (jobs.running() === 0 || !isRegistered()) return close()
      changed()
    },
    stay() {
      leaving = false
      changed()
    },
    close,
  }
}

const toOffer = (job: Job, { connection_id, dispatch_name }: Exposure): JobOffer => ({
  job_id: job.id,
  connection_id,
  dispatch_id: job.dispatchId,
  dispatch_name,
  room_name: job.room?.name ?? '',
  room_sid: job.room?.sid ?? '',
  room_metadata: job.room?.metadata ?? '',
  metadata: job.metadata,
  attributes: job.attributes,
})
