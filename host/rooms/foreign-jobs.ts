import { setTimeout as wait } from 'node:timers/promises'
import { v7 } from 'uuid'
import { SessionId } from '../../core/contract/ids.ts'
import type { JobOffer } from '../../core/contract/worker.ts'
import { awaitsParticipant } from '../../core/routing/decide-route.ts'
import type { RouteDecision } from '../../core/routing/decision.ts'
import { SUMMARY_TOPIC } from '../../core/room/turn-stream.ts'
import { jobStep, type JobStep } from '../../core/routing/worker-filter.ts'
import type { LiveConnection } from '../livekit/live-connection.ts'
import { createServerApi, type ServedParticipant } from '../livekit/server-api.ts'

import type { AssignedJob, Worker } from '../runtime/worker-port.ts'
import { agentIdentity } from './caller-identity.ts'
import type { Exposures } from './exposures.ts'
import { isPerson, requestOf, trustedSources } from './job-request.ts'
import { refusedDecision, tenantOf, type JobTenant } from './job-tenant.ts'
import type { RoomDeps } from './room-deps.ts'
import { createRoomSeat } from './room-seat.ts'

/*
 * Threat model: whoever can make a token for this server can ask for an agent; whoever merely joins writes their own metadata at most. Who
 * answers is decided by routing, which is told what the caller cannot have written. A conversation goes on only for the participant whose
 * identity the server vouches for, never for a name or an id that stands in metadata.
 */

/** A client that was sent a token joins within this time, or does not. */
const PERSON_MS = 10_000
const LOOK_MS = 200
const HEARS_MS = 500
/** What was said last arrives before the room closes. */
const READS_MS = 1000
/** Offered, taken, joined: a worker that has not done it by then will not. */
const OTHER_WORKER_MS = 8000

const BUSY = 'Every worker has as many calls as it may have. Call again in a moment.'

type Person = ServedParticipant | null

export type ForeignDeps = Pick<RoomDeps, 'tenants' | 'names' | 'connections' | 'router' | 'filter' | 'calls' | 'log'> &
  Readonly<{
    worker: Pick<Worker, 'job'>
    place: Exposures['place']
    onToken: (session_id: SessionId) => void
    onOver: (session_id: SessionId) => void
  }>

/** Under which session, and as whom, a job is taken; and whose it is. */
export type TakenJob = Readonly<{
  session_id: SessionId
  identity: string
  goesOn: boolean
  tenant: JobTenant
  connection: LiveConnection
}>

/** Jobs that clients of a server brought about: by an agent's own name, or in every room. */
export function createForeignJobs(deps: ForeignDeps) {
  const { tenants, names, connections, router, filter, calls, worker, log } = deps

  async function step(
    { scope, refused }: JobTenant,
    job: JobOffer,
    joined: boolean,
    person?: Person,
  ): Promise<Readonly<{ decision: RouteDecision; step: JobStep }>> {
    if (refused !== undefined) return { decision: refusedDecision(refused), step: { do: 'end', reason: refused } }
    const request = requestOf(job, names.common.name, person)
    const decision = await router.decide(scope, request, { trusted: trustedSources(person) })
    const agent = (await router.agents(scope)).find(({ agent_id }) => agent_id === decision.agent_id)
    return { decision, step: jobStep(decision, { filter, agent, joined, job_metadata: job.metadata }) }
  }

  /** Or why it is not taken. Nobody may answer at all: then it is taken, so that it can be told. */
  async function take(job: JobOffer): Promise<TakenJob | string> {
    const place = deps.place(job.connection_id)
    if (!place) return 'this worker does not use that connection any more'
    const { connection } = place
    const tenant = await tenantOf(job, place, tenants)
    const found = await step(tenant, job, false)
    if (found.step.do === 'decline') return found.step.reason
    const lost = await calls().findLost(tenant.scope, connection.connection_id, job.room_name)
    const session_id = lost?.session_id ?? SessionId.parse(v7())
    return { session_id, identity: agentIdentity(session_id), goesOn: lost !== undefined, tenant, connection }
  }

  /** The first person in the room; null when nobody comes. */
  async function whoIsThere(
    connection: LiveConnection,
    room_name: string,
    isReady = (_: ServedParticipant) => true,
  ): Promise<Person> {
    const api = createServerApi(connection)
    for (const until = Date.now() + PERSON_MS; Date.now() < until; await wait(LOOK_MS)) {
      const person = (await api.participants(room_name)).find((one) => isPerson(one) && isReady(one))
      if (person) return person
    }
    return null
  }

  async function serve(job: AssignedJob, taken: TakenJob): Promise<void> {
    const { job_id, room_name, token, url } = job
    const { connection, tenant } = taken
    const { scope, key_id } = tenant
    const { connection_id, key } = connection
    const first = await step(tenant, job, true)
    const person = taken.goesOn || awaitsParticipant(first.decision) ? await whoIsThere(connection, room_name) : undefined
    const seatAs = (agent_name: string, session_id: SessionId) =>
      createRoomSeat({
        room: { connection_id, room_name, origin: 'dispatch' },
        identity: taken.identity,
        agent_name,
        connection,
        job: { grant: Promise.resolve({ token, url }), ids: () => ({ job_id }), forget: () => Promise.resolve() },
        present: () => connections.resolve(scope, connection_id),
        isTaken: () => calls().inRoom(key, room_name) !== undefined,
        worker,
        log,
        onToken: () => deps.onToken(session_id),
        onOver: () => deps.onOver(session_id),
      })

    if (taken.goesOn) {
      const lost = await calls().findLost(scope, connection_id, room_name)
      if (lost && person && lost.room?.caller_identity === person.identity) {
        return calls().resume(scope, lost.session_id, seatAs(lost.agent_name, lost.session_id))
      }
      // It goes on by itself: its caller was seen before this job was here.
      if (calls().inRoom(key, room_name) !== undefined) return worker.job(key, job_id, 'success')
    }
    const session_id = taken.goesOn ? SessionId.parse(v7()) : taken.session_id
    const { decision, step: what } = person === undefined ? first : await step(tenant, job, true, person)
    if (what.do === 'serve' && decision.agent_id !== undefined) {
      const caller_identity = person?.identity
      return calls().answer(scope, {
        session_id,
        agent_id: decision.agent_id,
        decision,
        seat: seatAs(decision.agent_id, session_id),
        ...(caller_identity !== undefined && { caller_identity }),
        ...(key_id !== undefined && { key_id }),
      })
    }
    if (what.do === 'dispatch_again') {
      worker.job(key, job_id, 'failed', what.reason)
      await createServerApi(connection).dispatch(room_name, job.dispatch_name, what.metadata)
      if (await anotherCame(connection, room_name)) return
    }
    const reason = 'reason' in what ? what.reason : decision.reason
    worker.job(key, job_id, 'failed', reason)
    await calls().refuse(scope, { session_id, room: { connection_id, room_name, origin: 'dispatch' }, decision })
    await tellWhy(taken, room_name, reason)
  }

  /** Under the same name, as other workers are registered under it as well; those that do not serve the agent decline it. */
  async function anotherCame(connection: LiveConnection, room_name: string): Promise<boolean> {
    const api = createServerApi(connection)
    for (const until = Date.now() + OTHER_WORKER_MS; Date.now() < until; await wait(LOOK_MS)) {
      if ((await api.participants(room_name)).some(({ kind }) => kind === 'agent')) return true
    }
    return false
  }

  /**
   * Whoever waits in the room learns that nobody will come, as they learn of the end of a call; a room that was for this call alone is closed
   * then, so that nobody waits on in it.
   */
  async function tellWhy(
    { connection, tenant }: Pick<TakenJob, 'connection' | 'tenant'>,
    room_name: string,
    reason: string,
  ): Promise<void> {
    const api = createServerApi(connection)
    await whoIsThere(connection, room_name, ({ active }) => active)
    // Its data channel opens a moment after that.
    await wait(HEARS_MS)
    await api
      .tell(room_name, SUMMARY_TOPIC, { summary: `No agent answers: ${reason}`, output: null })
      .catch((error: unknown) => log.info({ room_name, error }, 'a caller could not be told that nobody comes'))
    if (!tenant.isOurs) return
    await wait(READS_MS)
    await api.deleteRoom(room_name)
  }

  /** A job that could not be done: the one who waits is told. */
  async function failed({ room_name, job_id }: AssignedJob, taken: TakenJob, why: string): Promise<void> {
    worker.job(taken.connection.key, job_id, 'failed', why)
    await tellWhy(taken, room_name, why)
  }

  /** A worker that is full leaves a call to others; when these are full as well, somebody has to say so. */
  async function busy(job: JobOffer): Promise<void> {
    await wait(OTHER_WORKER_MS + PERSON_MS, undefined, { ref: false })
    const place = deps.place(job.connection_id)
    if (!place) return
    const { connection } = place
    const people = await createServerApi(connection).participants(job.room_name)
    if (!people.some(isPerson) || people.some(({ kind }) => kind === 'agent')) return
    const tenant = await tenantOf(job, place, tenants)
    const decision = refusedDecision(BUSY)
    const session_id = SessionId.parse(v7())
    const room = { connection_id: connection.connection_id, room_name: job.room_name, origin: 'dispatch' } as const
    await calls().refuse(tenant.scope, { session_id, room, decision })
    await tellWhy({ connection, tenant }, job.room_name, BUSY)
  }

  return { take, serve, failed, busy }
}
