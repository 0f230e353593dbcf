import { IconCheck, IconX } from '@tabler/icons-react'
import type { CheckStep } from '../../core/contract/index.ts'
import { durationText, stepName } from './check-words.ts'
import classes from './check-steps.module.css'

/** What a check of a provider tried, in order, with what it saw. */
export function CheckSteps({ steps }: { steps: readonly CheckStep[] }) {
  if (steps.length === 0) return null
  return (
    <ol className={classes.steps}>
      {steps.map((step) => (
        <li key={step.step} className={classes.step} data-ok={step.ok}>
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
      ))}
    </ol>
  )
}
