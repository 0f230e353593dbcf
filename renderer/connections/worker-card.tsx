import { Button } from '@mantine/core'
import { useState } from 'react'
import type { WorkerState } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { Badge } from '../ui/badge.tsx'
import { toastError } from '../ui/toast.tsx'
import { Log } from './log.tsx'
import { workerMeans, WORKER_TONES } from './worker-words.ts'
import classes from './connections.module.css'

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })

/** The one process that takes calls from LiveKit servers, for every agent. */
export function WorkerCard({ worker }: { worker: WorkerState }) {
  const { state, draining, sessions, load, memory_mb, registrations, log } = worker
  return (
    <section className={classes.card} aria-label="Worker">
      <header className={classes.head}>
        <h2 className={classes.heading}>Worker</h2>
        <Badge tone={WORKER_TONES[state]}>{state}</Badge>
        <span className={classes.faint}>{workerMeans(worker)}</span>
        <span className={classes.spacer} />
        {(draining || state !== 'off') && <DrainButton draining={draining} />}
      </header>
      {state !== 'off' && (
        <div className={classes.body}>
          <p className={classes.text}>
            {sessions} {sessions === 1 ? 'call' : 'calls'} · {registrations.length}{' '}
            {registrations.length === 1 ? 'registration' : 'registrations'} · load {number.format(load * 100)} % ·{' '}
            {number.format(memory_mb)} MB
          </p>
          {!draining && (
            <p className={classes.note}>
              Drain before you close Greenroom: room calls that run go on to their end, and new ones are left to other workers, or
              wait.
            </p>
          )}
          <Log label="Log of the worker" lines={log} />
        </div>
      )}
    </section>
  )
}

function DrainButton({ draining }: Readonly<{ draining: boolean }>) {
  const studio = useStudio()
  const [busy, setBusy] = useState(false)
  const turn = () => {
    setBusy(true)
    studio
      .call('worker.drain', { on: !draining })
      .catch(toastError)
      .finally(() => setBusy(false))
  }
  return (
    <Button variant={draining ? 'filled' : 'default'} loading={busy} onClick={turn}>
      {draining ? 'Take calls again' : 'Drain'}
    </Button>
  )
}
