import type { StudioEvent } from '../../core/contract/events.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { Worker } from '../runtime/worker-port.ts'
import { createExposures } from './exposures.ts'
import { createMissedDispatches } from './missed-dispatches.ts'
import type { RoomDeps } from './room-deps.ts'
import { createRoomJobs } from './room-jobs.ts'
import { createSeats } from './seats.ts'

/** What this host does in rooms of LiveKit servers. */
export type Rooms = Readonly<{
  seats: RoomSeats
  worker: Worker
  /** Registers what is to be served, once calls can be taken. */
  begin: () => Promise<void>
  onStudioEvent: (event: StudioEvent) => void
  /** Of all kinds, as a worker that is full takes no more. */
  onCount: (sessions: number) => void
  close: () => void
}>

/** A server offers nothing to a worker of load 1, not even the job of the call that makes it full; more than that is refused when it is offered. */
const MOST_LOAD = 0.99

/** What changes the names under which the worker answers. */
const CHANGES_NAMES: ReadonlySet<StudioEvent['type']> = new Set(['agent.changed', 'agent.deleted'])

export function createRooms(deps: RoomDeps): Rooms {
  const { startWorker, connections, max_sessions } = deps
  let begun = false
  // The listener is asked when there are exposures, and by then the worker is there.
  const jobs = createRoomJobs({ ...deps, worker: { job: (...told) => worker.job(...told) } })
  const missed = createMissedDispatches(deps)
  const onChange = () => {
    missed.registered(worker.state().registrations)
    deps.onWorkerChange()
  }
  const worker = startWorker({ ...jobs.listener, onChange })
  const exposures = createExposures({ ...deps, worker })
  const stop = connections.onChange(() => {
    if (begun) void exposures.update()
  })

  return {
    seats: createSeats({
      ...deps,
      worker,
      exposures,
      expect: jobs.expect,
      onToken: jobs.rejoins,
      onOver: jobs.forget,
    }),
    worker,
    begin: () => {
      begun = true
      return exposures.update()
    },
    onStudioEvent(event) {
      if (begun && CHANGES_NAMES.has(event.type)) void exposures.update()
    },
    onCount: (sessions) => worker.setLoad(Math.min(MOST_LOAD, sessions / max_sessions), sessions),
    close: () => {
      stop()
      exposures.close()
    },
  }
}
