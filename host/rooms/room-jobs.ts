import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { parseJson } from '../../core/json.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { SessionId } from '../../core/contract/ids.ts'
import type { JobAnswer, JobOffer } from '../../core/contract/worker.ts'
import { createServerApi } from '../livekit/server-api.ts'
import type { AssignedJob, WorkerListener } from '../runtime/worker-port.ts'
import { agentIdentity } from './caller-identity.ts'
import { createForeignJobs, type ForeignDeps, type TakenJob } from './foreign-jobs.ts'
import type { RoomDeps } from './room-deps.ts'
import type { StudioDispatch } from './studio-dispatch.ts'

/** A termination comes also when an agent's participant was replaced; what follows is seen by then. */
const JUDGE_MS = 1500

const StudioMetadata = z.object({ session_id: SessionId })

/** `taken`: of a client, until its call runs. `given`: the server has assigned it. */
type Held = Readonly<{ session_id: SessionId; offer: JobOffer; taken?: TakenJob; attempt: number; given: boolean }>

export type RoomJobs = Readonly<{
  listener: WorkerListener
  /** A call of the studio waits for its job. */
  expect: (session_id: SessionId, dispatch: StudioDispatch) => void
  forget: (session_id: SessionId) => void
  /** The agent joined anew by itself, so that the server ends its job, and nothing follows from that. */
  rejoins: (session_id: SessionId) => void
}>

export type RoomJobDeps = Pick<RoomDeps, 'max_sessions'> & Omit<ForeignDeps, 'onToken' | 'onOver'>

/** Jobs of the servers: whose they are, who takes them, and when they are over. */
export function createRoomJobs(deps: RoomJobDeps): RoomJobs {
  const { names, max_sessions, connections, calls, log } = deps
  const expected = new Map<SessionId, StudioDispatch>()
  const held = new Map<string, Held>()
  const rejoined = new Set<SessionId>()
  const rejoins = (session_id: SessionId) => void rejoined.add(session_id)
  const foreign = createForeignJobs({ ...deps, onToken: rejoins, onOver: forget })

  function forget(session_id: SessionId): void {
    expected.delete(session_id)
    rejoined.delete(session_id)
    for (const [job_id, one] of held) if (one.session_id === session_id) held.delete(job_id)
  }

  /** Taken, and not yet a call that counts. */
  const coming = () => [...held.values()].filter(({ taken }) => taken).length

  const refuse = (reason: string): JobAnswer => ({ accept: false, reason })
  const accept = (identity: string): JobAnswer => ({ accept: true, identity, name: '', metadata: '', attributes: {} })

  /** Only calls that this host has begun and waits for: whoever knows the name cannot make it join a room. */
  function offeredToStudio(offer: JobOffer): JobAnswer {
    const session_id = StudioMetadata.safeParse(parseJson(offer.metadata)).data?.session_id
    const dispatch = session_id && expected.get(session_id)
    if (!session_id || !dispatch?.isWanted(offer)) return refuse('no such call was begun here')
    dispatch.accepted(offer.job_id)
    held.set(offer.job_id, { session_id, offer, attempt: 1, given: false })
    return accept(agentIdentity(session_id))
  }

  async function offeredToAgents(offer: JobOffer): Promise<JobAnswer> {
    const { connection_id, room_name, job_id } = offer
    const isTaken = () =>
      [...expected.values()].some((dispatch) => dispatch.isHere(offer)) ||
      calls().inRoom(connection_id, room_name) !== undefined ||
      [...held.values()].some((one) => one.taken && isSamePlace(one.offer, offer))
    if (isTaken()) return refuse('an agent of this worker is in that room already')
    if (calls().count() + coming() >= max_sessions) {
      foreign.busy(offer).catch((error: unknown) => log.info({ room_name, error }, 'nobody was told that all workers are full'))
      return refuse('this worker has as many calls as it may have')
    }
    const taken = await foreign.take(offer)
    if (typeof taken === 'string') return refuse(taken)
    if (isTaken()) return refuse('an agent of this worker is in that room already')
    held.set(job_id, { session_id: taken.session_id, offer, taken, attempt: 1, given: false })
    return accept(taken.identity)
  }

  function assigned(job: AssignedJob): void {
    const { job_id, token, url } = job
    const entry = held.get(job_id)
    if (!entry) return
    held.set(job_id, { ...entry, given: true })
    const { taken, session_id } = entry
    if (!taken) return expected.get(session_id)?.assigned(job_id, { token, url })
    foreign.serve(job, taken).then(
      () => settle(entry.offer),
      (error: unknown) => {
        log.warn({ job_id, room: job.room_name, error }, 'a job could not be done')
        held.delete(job_id)
        foreign
          .failed(job, taken, causeText(error))
          .catch((cause: unknown) => log.info({ job_id, cause }, 'nobody was told of it'))
      },
    )
  }

  /** From now on the running call says that its room is taken. */
  function settle(offer: JobOffer): void {
    const { job_id, connection_id, room_name } = offer
    const session_id = calls().inRoom(connection_id, room_name)
    const attempt = session_id && calls().state(session_id)?.attempt
    if (!session_id || attempt === undefined) held.delete(job_id)
    else if (held.has(job_id)) held.set(job_id, { session_id, offer, attempt, given: true })
  }

  async function terminated(job_id: string): Promise<void> {
    const entry = held.get(job_id)
    held.delete(job_id)
    if (!entry) return
    if (!entry.given) return expected.get(entry.session_id)?.withdrawn(job_id)
    await wait(JUDGE_MS, undefined, { ref: false })
    const state = calls().state(entry.session_id)
    if (!state || state.attempt !== entry.attempt || rejoined.has(entry.session_id)) return
    const connection = await connections.resolve(state.scope, state.room.connection_id)
    const people = await createServerApi(connection).participants(state.room.room_name)
    // It is well and in the room: then somebody wants it to go.
    if (people.some(({ identity }) => identity === state.agent_identity)) await calls().end(entry.session_id, 'dispatch_ended')
  }

  return {
    listener: {
      onOffer: async (offer) => (offer.dispatch_name === names.private_name ? offeredToStudio(offer) : offeredToAgents(offer)),
      onAssigned: assigned,
      onTerminated: (job_id) => {
        terminated(job_id).catch((error: unknown) => log.warn({ job_id, error }, 'the end of a job could not be judged'))
      },
    },
    expect: (session_id, dispatch) => void expected.set(session_id, dispatch),
    forget,
    rejoins,
  }
}

const isSamePlace = (one: JobOffer, other: JobOffer): boolean =>
  one.connection_id === other.connection_id && one.room_name === other.room_name

/** What is not meant for people stays in the log. */
const causeText = (error: unknown): string =>
  error instanceof StudioError ? error.message : 'something unexpected went wrong in the studio'
