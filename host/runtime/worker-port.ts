import type { Exposure, JobAnswer, JobOffer } from '../../core/contract/worker.ts'
import type { ConnectionId, WorkerState } from '../../core/contract/connections.ts'
import type { ProcessState } from './process-state.ts'

/** A job that was accepted and given to us. `url`: where to join when that is not the connection's own address. */
export type AssignedJob = JobOffer & Readonly<{ token: string; url?: string }>

/** What the worker asks and tells. */
export type WorkerListener = Readonly<{
  /** Quick: the server waits for it. */
  onOffer: (offer: JobOffer) => Promise<JobAnswer>
  onAssigned: (job: AssignedJob) => void
  /**
   * The server wants this job to end, or it never came although it was accepted. Comes also when the agent's participant has left or was
   * replaced by a successor: alone it is no reason to end a call that goes on.
   */
  onTerminated: (job_id: string) => void
  /** `state()` is another; told at most a few times a second. */
  onChange?: () => void
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
