import { StudioError } from '../core/contract/errors.ts'

/** Long work under the name that its caller chose; it outlives a page that reloads, and ends with the host. */
export type Jobs = Readonly<{
  /** Throws `conflict` while another job has the name. */
  run: <Value>(job_id: string, work: (signal: AbortSignal, job_id: string) => Promise<Value>) => Promise<Value>
  /** False when no such job runs. */
  cancel: (job_id: string) => boolean
  close: () => void
}>

export function createJobs(): Jobs {
  const running = new Map<string, AbortController>()
  return {
    run: async (job_id, work) => {
      if (running.has(job_id))
        throw new StudioError('conflict', 'A job with this id is running already.', 'Choose a new id for each job.')
      const controller = new AbortController()
      running.set(job_id, controller)
      try {
        return await work(controller.signal, job_id)
      } finally {
        running.delete(job_id)
      }
    },
    cancel: (job_id) => {
      const controller = running.get(job_id)
      controller?.abort()
      return controller !== undefined
    },
    close: () => {
      for (const controller of running.values()) controller.abort()
    },
  }
}
