import type { Exposure, JobAnswer, JobOffer } from '../../core/contract/worker.ts'
import type { ConnectionId, WorkerState } from '../../core/contract/connections.ts'
import type { ProcessState } from './process-state.ts'

/** A job that was accepted and given to us. */
export type AssignedJob = JobOffer & Readonly<{ token: string }>

/** What the worker asks and tells. */
export type WorkerListener = Readonly<{
  /** Quick: the server waits for it. */
  onOffer: (offer: JobOffer) => Promise<JobAnswer>
  onAssigned: (job: AssignedJob) => void
  /** The server wants this job to end. */
  onTerminated: (job_id: string) => void
}>

/** The worker process, supervised: started when something is exposed, started again whenever it dies. */
export type Worker = Readonly<{
  /** All that shall be registered from now on. */
  expose: (exposures: readonly Exposure[]) => void
  /** Resolves when this name is registered; rejects with `unavailable` and the reason in plain words after `within_ms`. */
  ready: (connection_id: ConnectionId, dispatch_name: string, within_ms: number) => Promise<void>
  job: (connection_id: ConnectionId, job_id: string, status: 'running' | 'success' | 'failed', error?: string) => void
  /** 0 to 1. */
  setLoad: (load: number, sessions: number) => void
  drain: (on: boolean) => void
  state: () => WorkerState
  processes: () => ProcessState[]
  close: () => Promise<void>
}>
