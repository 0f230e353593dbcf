import { setTimeout as wait } from 'node:timers/promises'
import type { ConnectionId, WorkerRegistration } from '../../core/contract/connections.ts'
import { createServerApi, type ServedDispatch } from '../livekit/server-api.ts'
import type { Exposures } from './exposures.ts'
import { isPerson } from './job-request.ts'
import type { RoomDeps } from './room-deps.ts'

/** What nobody has taken after this was not on its way to somebody. */
const LOOK_AGAIN_MS = 1500
/**
 * A job whose agent is not there after this has died with its worker: the server says for ever that it runs. It may wait ten seconds for its
 * caller, and then it joins. A dispatch that is deleted takes an agent that comes later all the same out again.
 */
const JOINS_MS = 12_000

/** `awaited`: somebody is in the room, and no agent. */
type Missed = Readonly<{ room_name: string; dispatch: ServedDispatch; awaited: boolean }>

export type MissedDeps = Pick<RoomDeps, 'names' | 'calls' | 'log'> & Readonly<{ place: Exposures['place'] }>

/**
 * A server accepts dispatches while no worker is registered, and never offers them to one that comes later. So whenever a name is registered,
 * those who wait in rooms for it are looked for, and their dispatch is made once more. Whoever deletes the old one makes the new one: two
 * workers that come at the same time do not both send an agent.
 */
export function createMissedDispatches({ names: { private_name }, place, calls, log }: MissedDeps) {
  /** Under which registration each name was seen last. */
  const known = new Map<string, string>()
  const looking = new Map<ConnectionId, Set<string>>()

  async function missedOn(key: ConnectionId, names: ReadonlySet<string>): Promise<Missed[]> {
    const connection = place(key)?.connection
    if (!connection) return []
    const api = createServerApi(connection)
    const found: Missed[] = []
    for (const { room_name } of await api.rooms()) {
      if (calls().inRoom(key, room_name) !== undefined) continue
      const dispatch = (await api.dispatches(room_name)).find((one) => !one.over && names.has(one.dispatch_name))
      if (!dispatch) continue
      const people = await api.participants(room_name)
      if (people.some(({ kind, hidden }) => kind === 'agent' && !hidden)) continue
      found.push({ room_name, dispatch, awaited: people.some(isPerson) })
    }
    return found
  }

  async function look(connection_id: ConnectionId, names: ReadonlySet<string>): Promise<void> {
    const first = await missedOn(connection_id, names)
    const untaken = first.filter(({ dispatch, awaited }) => dispatch.job === undefined && awaited)
    const taken = first.filter(({ dispatch }) => dispatch.job !== undefined)
    await Promise.all([again(untaken, LOOK_AGAIN_MS), again(taken, JOINS_MS)])

    /** What is as it was gets a new dispatch. What was taken meanwhile may have gone to a worker that was dead by then. */
    async function again(before: readonly Missed[], after_ms: number): Promise<void> {
      if (before.length === 0) return
      await wait(after_ms, undefined, { ref: false })
      const connection = place(connection_id)?.connection
      if (!connection) return
      const api = createServerApi(connection)
      const jobs = new Map(before.map(({ dispatch: { dispatch_id, job } }) => [dispatch_id, job]))
      const present = (await missedOn(connection_id, names)).filter(({ dispatch }) => jobs.has(dispatch.dispatch_id))
      const isNew = ({ dispatch: { dispatch_id, job } }: Missed) => job !== jobs.get(dispatch_id)
      for (const { room_name, dispatch, awaited } of present.filter((one) => !isNew(one))) {
        const { dispatch_id, dispatch_name, metadata } = dispatch
        if (!awaited) continue
        if (!(await api.takeDispatch(dispatch_id, room_name))) continue
        log.info(
          { connection_id, room_name, dispatch_name },
          'somebody has waited for an agent since before the worker was there',
        )
        await api.dispatch(room_name, dispatch_name, metadata)
      }
      await again(present.filter(isNew), JOINS_MS)
    }
  }

  /** All that come within a moment are looked for at once. */
  function lookSoon(connection_id: ConnectionId, dispatch_name: string): void {
    const soon = looking.get(connection_id)
    if (soon) return void soon.add(dispatch_name)
    const names = new Set([dispatch_name])
    looking.set(connection_id, names)
    setImmediate(() => {
      looking.delete(connection_id)
      look(connection_id, names).catch((error: unknown) => {
        log.warn({ connection_id, error }, 'whether somebody waits for an agent could not be seen')
      })
    })
  }

  return {
    /** How all names stand now. */
    registered(registrations: readonly WorkerRegistration[]): void {
      for (const { connection_id, dispatch_name, state, worker_id = '' } of registrations) {
        if (dispatch_name === private_name) continue
        const key = JSON.stringify([connection_id, dispatch_name])
        // Who comes while it drains is missed as well.
        if (state === 'draining') known.delete(key)
        if (state !== 'ready') continue
        if (known.get(key) === worker_id) continue
        known.set(key, worker_id)
        lookSoon(connection_id, dispatch_name)
      }
    },
  }
}
