import type { Exposure, FromWorker, JobAnswer } from '../../core/contract/worker.ts'
import type { ConnectionId } from '../../core/contract/connections.ts'
import type { JobStatusName } from './job-desk.ts'
import { createRegistration, type Registration } from './registration.ts'
import type { WorkerStanding } from './worker-messages.ts'

/** All dispatch names of this process, each with a connection of its own: what becomes of one does not touch the others. */
export type Registrations = Readonly<{
  /** These and no others; those that wait for their next attempt make it now. */
  expose: (exposures: readonly Exposure[]) => void
  answer: (connection_id: ConnectionId, job_id: string, answer: JobAnswer) => void
  job: (connection_id: ConnectionId, job_id: string, status: JobStatusName, error: string) => void
  stand: (standing: Partial<WorkerStanding>) => void
  /** Makes all attempts that wait. */
  retry: () => void
  close: () => void
}>

export function createRegistrations(version: string, tell: (message: FromWorker) => void): Registrations {
  const wanted = new Map<string, Registration>()
  /** Not wanted any more, but with calls that still run. */
  const leaving = new Set<Registration>()
  let standing: WorkerStanding = { load: 0, draining: false }

  const all = () => [...wanted.values(), ...leaving]
  const ofConnection = (connection_id: ConnectionId) => all().filter(({ exposure }) => exposure.connection_id === connection_id)

  function add(exposure: Exposure): void {
    const key = keyOf(exposure)
    const registration = createRegistration(exposure, {
      version,
      standing: () => standing,
      // One that was replaced has no say about its name.
      tell: (message) => {
        if (message.type !== 'registration' || (wanted.get(key) ?? registration) === registration) tell(message)
      },
      onGone: () => {
        leaving.delete(registration)
        if (wanted.get(key) === registration) wanted.delete(key)
        if (wanted.has(key)) return
        const { connection_id, dispatch_name } = exposure
        tell({ type: 'unregistered', connection_id, dispatch_name })
      },
    })
    wanted.set(key, registration)
    registration.start()
  }

  function remove(key: string, registration: Registration): void {
    wanted.delete(key)
    leaving.add(registration)
    registration.leave()
  }

  /** The same name on the same server, taken back before it had left. */
  function takeBack(exposure: Exposure): boolean {
    const back = [...leaving].find((one) => isSame(one.exposure, exposure))
    if (!back) return false
    leaving.delete(back)
    wanted.set(keyOf(exposure), back)
    back.stay()
    return true
  }

  const retry = () => {
    for (const registration of all()) registration.retry()
  }

  return {
    expose(exposures) {
      const next = new Map(exposures.map((exposure) => [keyOf(exposure), exposure]))
      for (const [key, registration] of wanted) {
        const exposure = next.get(key)
        if (!exposure) remove(key, registration)
        else if (isSame(exposure, registration.exposure)) registration.retry()
        else {
          // The new one first, so that the name is not told as gone in between.
          add(exposure)
          leaving.add(registration)
          registration.leave()
        }
      }
      for (const [key, exposure] of next) if (!wanted.has(key) && !takeBack(exposure)) add(exposure)
    },
    answer(connection_id, job_id, answer) {
      if (ofConnection(connection_id).some((one) => one.answer(job_id, answer))) return
      // Too late, or of a connection that is gone: it will never come.
      if (answer.accept) tell({ type: 'terminated', connection_id, job_id })
    },
    job(connection_id, job_id, status, error) {
      // Of a process before this one: the server has forgotten it.
      ofConnection(connection_id).some((one) => one.job(job_id, status, error))
    },
    stand(change) {
      standing = { ...standing, ...change }
      for (const registration of all()) registration.standingChanged()
    },
    retry,
    close() {
      for (const registration of all()) registration.close()
    },
  }
}

const keyOf = ({ connection_id, dispatch_name }: Exposure): string => JSON.stringify([connection_id, dispatch_name])

const isSame = (a: Exposure, b: Exposure): boolean =>
  keyOf(a) === keyOf(b) && a.url === b.url && a.api_key === b.api_key && a.api_secret === b.api_secret
