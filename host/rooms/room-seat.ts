import type { Logger } from 'pino'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { StudioError } from '../../core/contract/errors.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { agentToken } from '../livekit/tokens.ts'
import { isPerson } from './job-request.ts'
import type { Worker } from '../runtime/worker-port.ts'

/** A server that is away when a call is over must not hold anybody up. */
const LEAVE_TIMEOUT_S = 3
/** One that was away is tidied up when it is back. */
const AGAIN_MS = 2000
const AGAIN_FOR_MS = 10 * 60 * 1000

/** What the server gave the agent to do here; absent when the call goes on without a job. */
export type SeatJob = Readonly<{
  /** Resolves with the token that came with the job, and where it holds when that is elsewhere. */
  grant: Promise<JobGrant>
  /** As far as it is known when the call is over. */
  ids: () => Readonly<{ job_id?: string | undefined; dispatch_id?: string | undefined }>
  /** Nobody waits for it any more; resolves when nothing more is asked of the server for it. */
  forget: () => Promise<void>
}>

export type JobGrant = Readonly<{ token: string; url?: string | undefined }>

export type SeatOptions = Readonly<{
  room: SessionRoom
  identity: string
  /** As people in the room read it. */
  agent_name: string
  connection: LiveConnection
  job?: SeatJob
  /** The connection as it is now: keys change during long calls. */
  present: () => Promise<LiveConnection>
  worker: Pick<Worker, 'job'>
  log: Logger
  /** A call goes on there again. */
  isTaken: () => boolean
  onToken?: () => void
  onOver?: () => void
}>

/** Who speaks in a room twice would be heard twice, so every join of a session is under one identity. */
export function createRoomSeat({
  room,
  identity,
  agent_name,
  connection,
  job,
  present,
  isTaken,
  worker,
  log,
  ...tell
}: SeatOptions): RoomSeat {
  const { connection_id, room_name, origin } = room
  const { key } = connection
  let joins = 0
  let left: Promise<void> | undefined

  async function freshToken(): Promise<string> {
    return agentToken(await present(), { room_name, identity, name: agent_name })
  }

  async function clean({ reason, failure }: Parameters<RoomSeat['leave']>[0]): Promise<void> {
    tell.onOver?.()
    await job?.forget()
    const { job_id, dispatch_id } = job?.ids() ?? {}
    if (job_id !== undefined) worker.job(key, job_id, failure === undefined ? 'success' : 'failed', failure)
    // Somebody took the agent out, or another one sits here: what is there now is not ours.
    if (reason === 'superseded') return
    const tidied = await tidy(reason, dispatch_id)
    if (!tidied) void tidyLater(reason, dispatch_id)
  }

  /** False: the server is away. */
  async function tidy(reason: string, dispatch_id: string | undefined): Promise<boolean> {
    try {
      const api = createServerApi(await present().catch(() => connection), LEAVE_TIMEOUT_S)
      const people = await api.participants(room_name)
      if (isTaken()) return true
      // A caller who is there is the one whom a lost call waits for.
      if (origin === 'dispatch' || (reason === 'connection_lost' && people.some(isPerson))) {
        await api.removeParticipant(room_name, identity)
        return true
      }
      if (dispatch_id !== undefined) await api.deleteDispatch(dispatch_id, room_name)
      await api.deleteRoom(room_name)
      return true
    } catch (error) {
      log.info({ room_name, error }, 'a room could not be tidied up')
      return !(error instanceof StudioError && error.code === 'unavailable')
    }
  }

  async function tidyLater(reason: string, dispatch_id: string | undefined): Promise<void> {
    const until = Date.now() + AGAIN_FOR_MS
    do await wait(AGAIN_MS, undefined, { ref: false })
    while (Date.now() < until && !isTaken() && !(await tidy(reason, dispatch_id)))
  }

  return {
    room,
    key,
    identity,
    async join(caller_identity) {
      joins += 1
      const granted = job && joins === 1 ? await job.grant : { token: await freshToken() }
      const { token, url = connection.url } = granted
      return { connection_id, url, token, room_name, identity, ...(caller_identity !== undefined && { caller_identity }) }
    },
    async token() {
      tell.onToken?.()
      return left ? undefined : freshToken().catch(() => undefined)
    },
    leave: (end) => (left ??= clean(end)),
  }
}
