export type JobStatusName = 'running' | 'success' | 'failed'

/** Where each job of a registration stands: offered → taken → running. */
export type JobDesk = Readonly<{
  offered: (job_id: string) => void
  /** False: nobody waits for this answer any more. */
  answered: (job_id: string, accept: boolean) => boolean
  assigned: (job_id: string) => void
  has: (job_id: string) => boolean
  ended: (job_id: string) => void
  /** What was offered or taken is gone with the connection; what runs goes on. */
  lineLost: () => void
  list: () => readonly string[]
  /** Taken ones count: they are about to run. */
  running: () => number
}>

export type JobDeskEvents = Readonly<{
  /** A job was taken and never came. */
  onTerminated: (job_id: string) => void
  /** Nobody answered an offer. */
  onSilence: (job_id: string) => void
}>

/** The server waits 10 s for an answer, and asks the next worker only after it. */
const ANSWER_MS = 4000
/** The server assigns within milliseconds of the answer, or gives the job to nobody. */
const ASSIGN_MS = 10_000

export function createJobDesk({ onTerminated, onSilence }: JobDeskEvents): JobDesk {
  const offers = new Map<string, NodeJS.Timeout>()
  const taken = new Map<string, NodeJS.Timeout>()
  const running = new Set<string>()

  const take = (table: Map<string, NodeJS.Timeout>, job_id: string): boolean => {
    clearTimeout(table.get(job_id))
    return table.delete(job_id)
  }
  const giveUp = (job_id: string) => take(taken, job_id) && onTerminated(job_id)

  return {
    offered(job_id) {
      take(offers, job_id)
      const refuse = () => take(offers, job_id) && onSilence(job_id)
      offers.set(job_id, setTimeout(refuse, ANSWER_MS))
    },
    answered(job_id, accept) {
      if (!take(offers, job_id)) return false
      if (accept)
        taken.set(
          job_id,
          setTimeout(() => giveUp(job_id), ASSIGN_MS),
        )
      return true
    },
    assigned(job_id) {
      take(taken, job_id)
      running.add(job_id)
    },
    has: (job_id) => running.has(job_id),
    ended: (job_id) => void running.delete(job_id),
    lineLost() {
      for (const job_id of offers.keys()) take(offers, job_id)
      for (const job_id of taken.keys()) giveUp(job_id)
    },
    list: () => [...running],
    running: () => running.size + taken.size,
  }
}
