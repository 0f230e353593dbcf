import { AvailabilityResponse, JobStatus, UpdateJobStatus, UpdateWorkerStatus, WorkerStatus } from '@livekit/protocol'
import type { JobAnswer } from '../../core/contract/worker.ts'
import type { ToServer } from './agent-line.ts'
import type { JobStatusName } from './job-desk.ts'

/** How the whole worker stands. */
export type WorkerStanding = Readonly<{ load: number; draining: boolean }>

const STATUS = { running: JobStatus.JS_RUNNING, success: JobStatus.JS_SUCCESS, failed: JobStatus.JS_FAILED } as const

export const availabilityMessage = (jobId: string, answer: JobAnswer): ToServer => ({
  case: 'availability',
  value: new AvailabilityResponse(
    answer.accept
      ? {
          jobId,
          available: true,
          participantIdentity: answer.identity,
          participantName: answer.name,
          participantMetadata: answer.metadata,
          participantAttributes: answer.attributes,
        }
      : { jobId, available: false },
  ),
})

export const jobMessage = (jobId: string, status: JobStatusName, error: string): ToServer => ({
  case: 'updateJob',
  value: new UpdateJobStatus({ jobId, status: STATUS[status], error }),
})

/** A full worker is offered nothing; it keeps what it has. */
export const statusMessage = ({ load }: WorkerStanding, closed: boolean, jobCount: number): ToServer => ({
  case: 'updateWorker',
  value: new UpdateWorkerStatus({
    status: closed || load >= 1 ? WorkerStatus.WS_FULL : WorkerStatus.WS_AVAILABLE,
    load,
    jobCount,
  }),
})
