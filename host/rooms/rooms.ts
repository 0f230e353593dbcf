import type { StudioEvent } from '../../core/contract/events.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { Worker } from '../runtime/worker-port.ts'
import { createExposures, type Exposures } from './exposures.ts'
import { createMissedDispatches } from './missed-dispatches.ts'
import type { RoomDeps } from './room-deps.ts'
import { createRoomJobs } from './room-jobs.ts'
import { createSeats } from './seats.ts'

/** What this host does in rooms of LiveKit servers. */
export type Rooms = Readonly<{
  seats: RoomSeats
  /** This name shall be registered there. */
  want: Exposures['want']
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

export function createRooms(deps: RoomDeps): Rooms {
  const { startWorker, connections, max_sessions } = deps
  let begun = false
  // The listener is asked when there are exposures, and by then the worker is there.
  const place: Exposures['place'] = (key) => exposures.place(key)
  const jobs = createRoomJobs({ ...deps, place, worker: { job: (...told) => worker.job(...told) } })
  const missed = createMissedDispatches({ ...deps, place })
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
    want: exposures.want,
    begin: () => {
      begun = true
      return exposures.update()
    },
    onStudioEvent(event) {
      if (!begun) return
      if (event.type === 'agent.changed' || event.type === 'agent.deleted' || event.type === 'tenant.changed')
        void exposures.update(event.tenant_id)
    },
    onCount: (sessions) => worker.setLoad(Math.min(MOST_LOAD, sessions / max_sessions), sessions),
    close: () => {
      stop()
      exposures.close()
    },
  }
}
