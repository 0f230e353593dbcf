import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { ConnectionStep } from '../../core/contract/index.ts'
import { Busy } from '../ui/busy.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import type { ConnectionTest } from './use-connection-tests.ts'
import list from '../ui/check-steps.module.css'
import classes from './connections.module.css'

const NAMES: Readonly<Record<ConnectionStep['step'], string>> = {
  address: 'Address',
  reach: 'Reaching it',
  livekit: 'Is it LiveKit',
  clock: 'Clocks',
  keys: 'Key and secret',
  version: 'Version',
  join: 'Joining a room',
  media: 'Sound and data',
}
const ICONS = {
  ok: <IconCheck size={14} aria-label="passed" />,
  warning: <IconAlertTriangle size={14} aria-label="warning" />,
  failed: <IconX size={14} aria-label="failed" />,
  skipped: <IconMinus size={14} aria-label="not tried" />,
} as const
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })

type Props = Readonly<{ test: ConnectionTest; onCancel: () => void; onAgain: () => void; onDismiss: () => void }>

/** What a test found, step by step, in plain words. */
export function TestResult({ test: { running, steps, check, error }, onCancel, onAgain, onDismiss }: Props) {
  return (
    <section className={classes.test} aria-label="Test of the connection" aria-busy={running}>
      <ol className={list.steps}>
        {steps.map((step) => (
          <li key={step.step} className={`${list.step} ${classes.step}`} data-state={step.state}>
            {ICONS[step.state]}
            <strong>{NAMES[step.step]}</strong>
            <span className={classes.words}>
              {step.detail}
              {step.hint !== undefined && <span className={classes.hint}>{step.hint}</span>}
            </span>
            <span className={classes.faint}>{step.duration_ms === undefined ? '' : `${number.format(step.duration_ms)} ms`}</span>
          </li>
        ))}
      </ol>
      {error && <ErrorNote error={error} />}
      <div className={classes.row} role="status">
        {running && <Busy label="Testing the connection" className={classes.busy} />}
        {check && <strong className={check.ok ? classes.good : classes.bad}>{verdict(check)}</strong>}
        {running ? (
          <Button onClick={onCancel}>Cancel</Button>
        ) : (
          <>
            <Button onClick={onAgain}>Test again</Button>
            <Button variant="subtle" onClick={onDismiss}>
              Put away
            </Button>
          </>
        )}
      </div>
    </section>
  )
}

function verdict({ ok, server_version, round_trip_ms, transport }: NonNullable<ConnectionTest['check']>): string {
  const facts = [
    server_version === undefined ? '' : `LiveKit ${server_version}`,
    round_trip_ms === undefined ? '' : `round trip ${number.format(round_trip_ms)} ms`,
    transport === undefined ? '' : `sound by ${transport.toUpperCase()}`,
  ].filter(Boolean)
  return [ok ? 'It works' : 'It does not work yet', ...facts].join(' · ')
}
