import { Button, Loader } from '@mantine/core'
import type { ProviderCheck } from '../../../core/contract/index.ts'
import { CheckSteps } from '../../ui/check-steps.tsx'
import { latencyText } from '../../ui/check-words.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
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
      <CheckSteps steps={state.steps} />
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

const Summary = ({ check }: { check: ProviderCheck }) => (
  <strong role="status" className={classes.summary} data-ok={check.ok}>
    {check.ok ? `It works${latencyText(check) ? `: ${latencyText(check)}` : ''}` : 'It does not work yet'}
    <span className={classes.when}> · {formatMoment(check.at)}</span>
  </strong>
)
