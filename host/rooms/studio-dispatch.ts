import { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { deferred } from '../runtime/deferred.ts'
import type { Worker } from '../runtime/worker-port.ts'
import type { JobGrant, SeatJob } from './room-seat.ts'

/** Of the registration, when the connection is used for the first time. */
const READY_MS = 15_000
/** A dispatch is offered within a quarter of a second; one that is not by then never is. */
const JOB_MS = 5000
/** A server accepts dispatches that nobody will ever get; so it is asked a second time, and then it is said. */
const TRIES = 2

export type DispatchOptions = Readonly<{
  session_id: SessionId
  room_name: string
  private_name: string
  connection: LiveConnection
  worker: Pick<Worker, 'ready'>
}>

/** The studio's own dispatch, from the wish until the job is there. */
export type StudioDispatch = SeatJob &
  Readonly<{
    /** A server offers it: ours, and still wanted? */
    isWanted: (offer: Readonly<{ room_name: string; connection_id: string }>) => boolean
    accepted: (job_id: string) => void
    assigned: (job_id: string, grant: JobGrant) => void
    /** An accepted job was given to nobody, or taken back. */
    withdrawn: (job_id: string) => void
  }>

export function startStudioDispatch(options: DispatchOptions): StudioDispatch {
  const { connection, room_name, private_name, session_id, worker } = options
  const api = createServerApi(connection)
  const grant = deferred<JobGrant>()
  const unwanted = deferred<void>()
  let job_id: string | undefined
  let dispatch_id: string | undefined
  let given = false
  let over = false
  let wake: (() => void) | undefined

  async function ask(): Promise<void> {
    const ready = worker.ready(connection.connection_id, private_name, READY_MS)
    await Promise.all([api.createRoom(room_name), Promise.race([ready, unwanted.promise])])
    for (let tries = 1; tries <= TRIES && !over && !given; tries++) {
      if (dispatch_id !== undefined) await api.deleteDispatch(dispatch_id, room_name)
      job_id = undefined
      dispatch_id = await api.dispatch(room_name, private_name, JSON.stringify({ session_id }))
      await waitForJob()
    }
    if (!given && !over) throw nobodyCame(connection.name)
  }

  /** Until it is given, or withdrawn, or it is too late. */
  const waitForJob = () =>
    new Promise<void>((resolve) => {
      if (given || over) return resolve()
      const late = setTimeout(resolve, JOB_MS)
      wake = () => {
        clearTimeout(late)
        resolve()
      }
    })

  const asked = ask().catch((cause: unknown) => grant.reject(cause))

  return {
    grant: grant.promise,
    ids: () => ({ job_id, dispatch_id }),
    forget: () => {
      over = true
      unwanted.resolve()
      grant.reject(hasEnded())
      wake?.()
      return asked
    },
    isWanted: (offer) =>
      !over &&
      !given &&
      job_id === undefined &&
      offer.room_name === room_name &&
      offer.connection_id === connection.connection_id,
    accepted: (accepted) => void (job_id = accepted),
    assigned: (assigned, granted) => {
      job_id = assigned
      given = true
      grant.resolve(granted)
      wake?.()
    },
    withdrawn: (withdrawn) => {
      if (withdrawn !== job_id || given) return
      job_id = undefined
      wake?.()
    },
  }
}

const hasEnded = (): StudioError => new StudioError('conflict', 'This call has ended.', 'Start a new one.')

const nobodyCame = (name: string): StudioError =>
  new StudioError(
    'unavailable',
    `The LiveKit server “${name}” took the call, but gave it to nobody.`,
    'Try again. If it stays, look at the worker in Settings → LiveKit: it must be “ready” there.',
  )
