import * as z from 'zod'
import { ConnectionId, WorkerRegistration, WorkerState } from './connections.ts'
import { operation } from './operation.ts'

/** A dispatch name that the worker shall be registered under; the secret comes here and nowhere else. */
export const Exposure = z.object({
  connection_id: ConnectionId,
  url: z.string(),
  api_key: z.string(),
  api_secret: z.string(),
  dispatch_name: z.string(),
})
export type Exposure = Readonly<z.infer<typeof Exposure>>

/** A job as a server offers it (`livekit.Job`). */
export const JobOffer = z.object({
  job_id: z.string(),
  connection_id: ConnectionId,
  dispatch_id: z.string(),
  dispatch_name: z.string(),
  room_name: z.string(),
  room_sid: z.string(),
  room_metadata: z.string(),
  metadata: z.string(),
  attributes: z.record(z.string(), z.string()),
})
export type JobOffer = Readonly<z.infer<typeof JobOffer>>

export const JobAnswer = z.discriminatedUnion('accept', [
  z.object({
    accept: z.literal(true),
    identity: z.string(),
    name: z.string(),
    metadata: z.string(),
    attributes: z.record(z.string(), z.string()),
  }),
  z.object({ accept: z.literal(false), reason: z.string() }),
])
export type JobAnswer = Readonly<z.infer<typeof JobAnswer>>

/** Host → worker process. */
export const ToWorker = z.discriminatedUnion('type', [
  /** All that shall be registered; what is not named is drained and removed. */
  z.object({ type: z.literal('expose'), exposures: z.array(Exposure) }),
  z.object({ type: z.literal('answer'), connection_id: ConnectionId, job_id: z.string(), answer: JobAnswer }),
  z.object({
    type: z.literal('job'),
    connection_id: ConnectionId,
    job_id: z.string(),
    status: z.enum(['running', 'success', 'failed']),
    error: z.string().optional(),
  }),
  /** 0 to 1. */
  z.object({ type: z.literal('load'), load: z.number() }),
  /** Takes no new jobs from now on. */
  z.object({ type: z.literal('drain'), on: z.boolean() }),
  z.object({ type: z.literal('offline'), on: z.boolean() }),
  z.object({ type: z.literal('stop') }),
])
export type ToWorker = Readonly<z.infer<typeof ToWorker>>

/** Worker process → host. */
export const FromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int(), pid: z.int() }),
  z.object({ type: z.literal('alive'), memory_mb: z.number(), loop_lag_ms: z.number() }),
  z.object({ type: z.literal('registration'), registration: WorkerRegistration }),
  /** It is registered no more, and was not wanted any more. */
  z.object({ type: z.literal('unregistered'), connection_id: ConnectionId, dispatch_name: z.string() }),
  z.object({ type: z.literal('offered'), offer: JobOffer }),
  /** `token` is for the agent's join; `url` when the server names another place for it than its own. */
  z.object({
    type: z.literal('assigned'),
    connection_id: ConnectionId,
    job_id: z.string(),
    token: z.string(),
    url: z.string().optional(),
  }),
  /** The server wants the job to end, or it never came to us although we took it. */
  z.object({ type: z.literal('terminated'), connection_id: ConnectionId, job_id: z.string() }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() }),
])
export type FromWorker = Readonly<z.infer<typeof FromWorker>>

export const workerOperations = {
  'worker.drain': operation({
    kind: 'command',
    role: 'developer',
    audit: 'connection',
    idempotent: true,
    summary: 'Take no new calls from LiveKit servers, while those that run go on; `on: false` takes them again',
    /** Lasts until it is taken back, or until the host ends. */
    input: z.object({ on: z.boolean() }),
    output: WorkerState,
  }),
} as const
