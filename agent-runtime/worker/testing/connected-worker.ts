import {
  AvailabilityRequest,
  JobAssignment,
  JobStatus,
  JobTermination,
  RegisterWorkerResponse,
  ServerMessage,
  WorkerMessage,
  WorkerPong,
  WorkerStatus,
  type AvailabilityResponse,
  type Job,
} from '@livekit/protocol'
import type { WebSocket } from 'ws'
import { signedToken } from '../../signed-token.ts'

/** A worker as a server sees it. */
export type ConnectedWorker = Readonly<{
  worker_id: string
  /** Undefined until it has registered. */
  name: () => string | undefined
  isAvailable: () => boolean
  load: () => number
  /** Jobs that were assigned to it and have not ended. */
  jobs: ReadonlyMap<string, JobStatus>
  /** False: it refused, or said nothing in time. */
  offer: (job: Job) => Promise<boolean>
  terminate: (job_id: string) => void
  drop: () => void
}>

export type ConnectedWorkerOptions = Readonly<{
  worker_id: string
  version: string
  keys: Readonly<{ api_key: string; api_secret: string }>
  /** While it says true nothing is answered. */
  isSilent: () => boolean
  /** Something that a test may wait for has happened; `what` for its record. */
  onEvent: (what: string) => void
}>

const ANSWER_MS = 10_000

/** Speaks the server's side as livekit-server 1.13 does. */
export function connectWorker(socket: WebSocket, options: ConnectedWorkerOptions): ConnectedWorker {
  const { worker_id, onEvent, keys } = options
  const jobs = new Map<string, JobStatus>()
  const waiting = new Map<string, (answer: AvailabilityResponse | undefined) => void>()
  let name: string | undefined
  let status = WorkerStatus.WS_AVAILABLE
  let load = 0

  const send = (message: ServerMessage['message']) => socket.send(new ServerMessage({ message }).toBinary())

  function receive({ message }: WorkerMessage): void {
    switch (message.case) {
      case 'register': {
        name = message.value.agentName
        const serverInfo = { version: options.version, protocol: 17, agentProtocol: 1 }
        send({ case: 'register', value: new RegisterWorkerResponse({ workerId: worker_id, serverInfo }) })
        return onEvent(`registered ${name}`)
      }
      case 'availability':
        waiting.get(message.value.jobId)?.(message.value)
        return onEvent(`answered ${message.value.available}`)
      case 'updateWorker':
        status = message.value.status ?? status
        load = message.value.load
        return onEvent(`status ${WorkerStatus[status]}`)
      case 'updateJob':
        return updateJob(message.value.jobId, message.value.status, message.value.error)
      case 'ping': {
        const now = BigInt(Date.now())
        return send({ case: 'pong', value: new WorkerPong({ lastTimestamp: message.value.timestamp, timestamp: now }) })
      }
      default:
        return onEvent(`received ${message.case}`)
    }
  }

  function updateJob(job_id: string, next: JobStatus, error: string): void {
    // Jobs of a connection before this one are not known here.
    if (!jobs.has(job_id)) return onEvent(`unknown job ${job_id}`)
    if (next === JobStatus.JS_RUNNING) jobs.set(job_id, next)
    else jobs.delete(job_id)
    onEvent(`job ${job_id} ${JobStatus[next]} ${error}`)
  }

  socket.on('message', (data: Buffer) => {
    if (!options.isSilent()) receive(WorkerMessage.fromBinary(data))
  })
  socket.on('close', () => {
    for (const answer of waiting.values()) answer(undefined)
    onEvent(`closed ${name}`)
  })

  async function answerTo(job: Job): Promise<AvailabilityResponse | undefined> {
    let timer: NodeJS.Timeout | undefined
    const answer = await new Promise<AvailabilityResponse | undefined>((resolve) => {
      waiting.set(job.id, resolve)
      timer = setTimeout(resolve, ANSWER_MS, undefined)
      send({ case: 'availability', value: new AvailabilityRequest({ job }) })
    })
    clearTimeout(timer)
    waiting.delete(job.id)
    return answer
  }

  return {
    worker_id,
    name: () => name,
    isAvailable: () => name !== undefined && status === WorkerStatus.WS_AVAILABLE && socket.readyState === socket.OPEN,
    load: () => load,
    jobs,
    async offer(job) {
      const answer = await answerTo(job)
      if (!answer?.available) return false
      jobs.set(job.id, JobStatus.JS_RUNNING)
      send({ case: 'assignment', value: new JobAssignment({ job, token: agentToken(keys, job, answer) }) })
      onEvent(`assigned ${job.id}`)
      return true
    },
    terminate(job_id) {
      if (jobs.delete(job_id)) send({ case: 'termination', value: new JobTermination({ jobId: job_id }) })
    },
    drop: () => socket.terminate(),
  }
}

const agentToken = (
  { api_key, api_secret }: ConnectedWorkerOptions['keys'],
  job: Job,
  { participantIdentity, participantName, participantMetadata, participantAttributes }: AvailabilityResponse,
): string =>
  signedToken(api_secret, {
    iss: api_key,
    sub: participantIdentity,
    exp: Math.floor(Date.now() / 1000) + 3600,
    name: participantName,
    metadata: participantMetadata,
    attributes: { ...participantAttributes, 'lk.agent_name': job.agentName },
    kind: 'agent',
    video: { roomJoin: true, room: job.room?.name, agent: true, canPublish: true, canSubscribe: true, canPublishData: true },
  })
