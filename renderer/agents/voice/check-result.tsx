import { Button, Loader } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { CheckStep, ProviderCheck } from '../../../core/contract/index.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import { stepName } from './check-state.ts'
import { durationText, latencyText } from './provider-state.ts'
import { SampleButton } from './sample-button.tsx'
import type { RunningCheck } from './use-check.ts'
import classes from './check.module.css'

type Props = Readonly<{
  running: RunningCheck
  name: string
  /** The sample is heard as soon as it is here. */ autoPlay?: boolean
}>

/** What a check tried, step by step, and what it measured. */
export function CheckResult({ running: { state, run, cancel }, name, autoPlay = false }: Props) {
  if (state.phase === 'idle') return null
  return (
    <div role="group" className={classes.result} aria-label={`Check of ${name}`}>
      {state.steps.length > 0 && (
        <ol className={classes.steps}>
          {state.steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
      )}
      {state.error && <ErrorNote error={state.error} onRetry={run} />}
      {state.phase === 'running' ? (
        <div className={classes.row} role="status">
          <Loader size={14} aria-hidden /> Asking it for real…
          <Button onClick={cancel}>Cancel</Button>
        </div>
      ) : (
        <div className={classes.row}>
          {state.check && <Summary check={state.check} />}
          {state.sample_wav !== undefined && <SampleButton wav={state.sample_wav} label="Play the sample" autoPlay={autoPlay} />}
          <Button onClick={cancel}>Put away</Button>
        </div>
      )}
    </div>
  )
}

const Step = ({ step }: { step: CheckStep }) => (
  <li className={classes.step} data-ok={step.ok}>
    {step.ok ? <IconCheck size={14} aria-label="passed" /> : <IconX size={14} aria-label="failed" />}
    <strong>{stepName(step)}</strong>
    <span className={classes.detail}>
      {step.error ? (
        <>
          {step.error.message}
          <span className={classes.hint}>{step.error.hint}</span>
        </>
      ) : (
        step.detail
      )}
    </span>
    {step.ms !== undefined && <span className={classes.ms}>{durationText(step.ms)}</span>}
  </li>
)

const Summary = ({ check }: { check: ProviderCheck }) => (
  <strong role="status" className={classes.summary} data-ok={check.ok}>
    {check.ok ? `It works${latencyText(check) ? `: ${latencyText(check)}` : ''}` : 'It does not work yet'}
    <span className={classes.when}> · {formatMoment(check.at)}</span>
  </strong>
)
