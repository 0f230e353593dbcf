import type { WorkerRegistration, WorkerState } from '../../core/contract/connections.ts'
import { StudioError } from '../../core/contract/errors.ts'

export type WorkerFacts = Readonly<{
  /** Something shall be registered. */
  wanted: boolean
  starting: boolean
  draining: boolean
  registrations: readonly WorkerRegistration[]
}>

/** One word for the whole worker: as good as its best registration. */
export function workerStanding({ wanted, starting, draining, registrations }: WorkerFacts): WorkerState['state'] {
  const has = (state: WorkerRegistration['state']) => registrations.some((one) => one.state === state)
  if (!wanted && registrations.length === 0) return 'off'
  if (starting) return 'starting'
  if (draining && (has('ready') || has('draining'))) return 'draining'
  if (has('ready')) return 'ready'
  if (has('connecting')) return 'starting'
  if (has('lost')) return 'lost'
  return has('failed') ? 'failed' : 'draining'
}

/** Why no new call is begun through a worker that drains. */
export const takesNone = (): StudioError =>
  new StudioError(
    'unavailable',
    'The worker is draining: it takes no new calls.',
    'Press "Take calls again" in Settings → LiveKit, then try again.',
  )
