import type { WorkerState } from '../../core/contract/index.ts'
import { Badge } from '../ui/badge.tsx'
import { Log } from './log.tsx'
import { WORKER_MEANS, WORKER_TONES } from './worker-words.ts'
import classes from './connections.module.css'

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })

/** The one process that takes calls from LiveKit servers, for every agent. */
export function WorkerCard({ worker }: { worker: WorkerState }) {
  const { state, sessions, load, memory_mb, registrations, log } = worker
  return (
    <section className={classes.card} aria-label="Worker">
      <header className={classes.head}>
        <h2 className={classes.heading}>Worker</h2>
        <Badge tone={WORKER_TONES[state]}>{state}</Badge>
        <span className={classes.faint}>{WORKER_MEANS[state]}</span>
      </header>
      {state !== 'off' && (
        <div className={classes.body}>
          <p className={classes.text}>
            {sessions} {sessions === 1 ? 'call' : 'calls'} · {registrations.length}{' '}
            {registrations.length === 1 ? 'registration' : 'registrations'} · load {number.format(load * 100)} % ·{' '}
            {number.format(memory_mb)} MB
          </p>
          <Log label="Log of the worker" lines={log} />
        </div>
      )}
    </section>
  )
}
