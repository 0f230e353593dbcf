import { StudioError } from '../../../core/contract/errors.ts'
import { ForeignWrite } from './foreign-write.ts'
import { toStudioError } from './mongo-failure.ts'
import { Unit, type UnitReads, type Writes } from './unit.ts'

/** Asks for what is to be written, as often as others get in between, and writes all of it durably or nothing. */
export type Flush = (plan: (reads: UnitReads) => Promise<Writes>) => Promise<void>

/** All of the work or none of it. `work` may be run more than once: it reads and writes through its unit and does nothing else. */
export type Commit = <Value>(work: (unit: Unit) => Promise<Value>) => Promise<Value>

type Job = Readonly<{ attempt: (unit: Unit) => Promise<void>; settle: () => void; fail: (cause: unknown) => void }>

/** Works that reach the database in one go at most. */
const MOST_AT_ONCE = 64

/** Works that wait while one is being written go together; one that is refused does not hold the others. */
export function createCommit(flush: Flush): Commit {
  let waiting: Job[] = []
  let running = false

  const write = async (jobs: readonly Job[]): Promise<void> => {
    try {
      await flush(async (reads) => {
        const unit = new Unit(reads)
        for (const job of jobs) await job.attempt(unit)
        return unit.writes
      })
      for (const job of jobs) job.settle()
    } catch (cause) {
      const known = toStudioError(cause)
      const isAway = known instanceof StudioError && known.code === 'unavailable'
      if (jobs.length === 1 || isAway) for (const job of jobs) job.fail(known)
      else for (const job of jobs) await write([job])
    }
  }

  const run = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const jobs = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      await write(jobs)
    }
    running = false
  }

  return (work) =>
    new Promise((resolve, reject) => {
      let settle = (): void => undefined
      const attempt = async (unit: Unit): Promise<void> => {
        try {
          const value = await unit.part(work)
          settle = () => resolve(value)
        } catch (cause) {
          if (!(cause instanceof StudioError || cause instanceof ForeignWrite)) throw cause
          settle = () => reject(cause)
        }
      }
      waiting.push({ attempt, settle: () => settle(), fail: reject })
      if (!running) void run()
    })
}
