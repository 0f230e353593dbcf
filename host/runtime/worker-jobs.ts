import type { Logger } from 'pino'
import type { FromWorker, JobAnswer, JobOffer } from '../../core/contract/worker.ts'
import type { WorkerListener } from './worker-port.ts'

/** The jobs that came through one worker: what is offered is decided by the listener, and every job that it took ends in a word to it. */
export type WorkerJobs = Readonly<{
  /** `answer`: false when the process that asked is gone. */
  offered: (offer: JobOffer, answer: (answer: JobAnswer) => boolean) => Promise<void>
  assigned: (message: Extract<FromWorker, { type: 'assigned' }>) => void
  terminated: (job_id: string) => void
  ended: (job_id: string) => void
  /** What was taken and not yet given to us never comes; what runs goes on. */
  processGone: () => void
  running: () => readonly JobOffer[]
}>

export function createWorkerJobs(listener: WorkerListener, log: Logger, onChange: () => void): WorkerJobs {
  const taken = new Map<string, JobOffer>()
  const running = new Map<string, JobOffer>()

  async function decide(offer: JobOffer): Promise<JobAnswer> {
    try {
      return await listener.onOffer(offer)
    } catch (error) {
      log.error({ err: error, job_id: offer.job_id }, 'whether a job is taken could not be decided')
      return { accept: false, reason: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    async offered(offer, answer) {
      const decision = await decide(offer)
      if (decision.accept) taken.set(offer.job_id, offer)
      if (!answer(decision) && taken.delete(offer.job_id)) listener.onTerminated(offer.job_id)
    },
    assigned({ job_id, token, url }) {
      const offer = taken.get(job_id)
      if (!offer) return log.warn({ job_id }, 'a job was assigned that nobody took')
      taken.delete(job_id)
      running.set(job_id, offer)
      listener.onAssigned({ ...offer, token, ...(url !== undefined && { url }) })
      onChange()
    },
    terminated(job_id) {
      taken.delete(job_id)
      listener.onTerminated(job_id)
    },
    ended(job_id) {
      if (running.delete(job_id)) onChange()
    },
    processGone() {
      const lost = [...taken.keys()]
      taken.clear()
      for (const job_id of lost) listener.onTerminated(job_id)
    },
    running: () => [...running.values()],
  }
}
