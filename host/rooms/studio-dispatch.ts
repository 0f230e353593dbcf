import { setImmediate as nextTick } from 'node:timers/promises'
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
  /** How long a job is waited for. */
  job_ms?: number
}>

/** The studio's own dispatch, from the wish until the job is there. */
export type StudioDispatch = SeatJob &
  Readonly<{
    /** Whoever joins first would make it, and without its agent. Rejects when the server does not want it. */
    roomIsThere: Promise<void>
    /** A server offers it: ours, and still wanted? */
    isWanted: (offer: Readonly<{ room_name: string; connection_id: string }>) => boolean
    /** Also of a job for somebody else. */
    isHere: (offer: Readonly<{ room_name: string; connection_id: string }>) => boolean
    accepted: (job_id: string) => void
    assigned: (job_id: string, grant: JobGrant) => void
    /** An accepted job was given to nobody, or taken back. */
    withdrawn: (job_id: string) => void
  }>

export function startStudioDispatch(options: DispatchOptions): StudioDispatch {
  const { connection, room_name, private_name, session_id, worker, job_ms = JOB_MS } = options
  const api = createServerApi(connection)
  const grant = deferred<JobGrant>()
  const unwanted = deferred<void>()
  const room = deferred<void>()
  const metadata = JSON.stringify({ session_id })
  let job_id: string | undefined
  let dispatch_id: string | undefined
  let given = false
  let over = false
  let wake: (() => void) | undefined

  async function createRoom(): Promise<void> {
    try {
      await api.createRoom(room_name, private_name, metadata)
      room.resolve()
    } catch (cause) {
      room.reject(cause)
      throw cause
    }
  }

  async function ask(): Promise<void> {
    const ready = Promise.race([worker.ready(connection.key, private_name, READY_MS), unwanted.promise])
    let isReady = false
    ready.then(
      () => (isReady = true),
      () => undefined,
    )
    await nextTick()
    const wasReady = isReady
    await createRoom()
    await ready
    // Dispatched with the room itself, unless there was nobody yet who could get it.
    if (wasReady) await waitForJob()
    for (let tries = wasReady ? 2 : 1; tries <= TRIES && !over && !given; tries++) {
      if (dispatch_id !== undefined) await api.deleteDispatch(dispatch_id, room_name)
      job_id = undefined
      dispatch_id = await api.dispatch(room_name, private_name, metadata)
      await waitForJob()
    }
    if (!given && !over) throw nobodyCame(connection.name)
  }

  /** Until it is given, or withdrawn, or it is too late. */
  const waitForJob = () =>
    new Promise<void>((resolve) => {
      if (given || over) return resolve()
      const late = setTimeout(resolve, job_ms)
      wake = () => {
        clearTimeout(late)
        resolve()
      }
    })

  const asked = ask().catch((cause: unknown) => grant.reject(cause))

  const isHere = (offer: Readonly<{ room_name: string; connection_id: string }>) =>
    offer.room_name === room_name && offer.connection_id === connection.key

  return {
    grant: grant.promise,
    roomIsThere: room.promise,
    ids: () => ({ job_id, dispatch_id }),
    forget: () => {
      over = true
      unwanted.resolve()
      grant.reject(hasEnded())
      wake?.()
      return asked
    },
    isHere,
    isWanted: (offer) => !over && !given && job_id === undefined && isHere(offer),
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
