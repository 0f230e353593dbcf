import { useState } from 'react'
import { IconChevronRight } from '@tabler/icons-react'
import type { ToolRunView } from '../../../core/session/tool-run.ts'
import { Badge } from '../../ui/badge.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import { formatMs } from '../format.ts'
import { jsonLine } from '../inspector/json-line.ts'
import { runMs, runState } from './run-words.ts'
import classes from './tool-runs.module.css'

/** What the agent did for a reply, in order; each opens to what came back. */
export const ToolRuns = ({ runs }: { runs: readonly ToolRunView[] }) => (
  <ul className={classes.runs} aria-label="Tools of the turn">
    {runs.map((run) => (
      <ToolRun key={run.call_id} run={run} />
    ))}
  </ul>
)

function ToolRun({ run }: { run: ToolRunView }) {
  const { label, tone, meaning } = runState(run)
  // What needs an explanation is open by itself.
  const [opened, setOpened] = useState<boolean>()
  const open = opened ?? (tone === 'bad' || tone === 'warn')
  const ms = runMs(run)
  return (
    <li className={classes.run}>
      <button type="button" className={classes.head} aria-expanded={open} onClick={() => setOpened(!open)}>
        <IconChevronRight size={13} className={classes.chevron} data-open={open} aria-hidden />
        <span className={classes.name}>{run.tool}</span>
        <span className={classes.given}>
          <JsonText text={jsonLine(run.arguments)} />
        </span>
        <Badge tone={tone}>{label}</Badge>
        <span className={classes.time}>{ms === undefined ? '' : formatMs(ms)}</span>
      </button>
      {open && (
        <dl className={classes.details}>
          {run.result !== undefined && (
            <>
              <dt>Result</dt>
              <dd>
                <pre className={classes.result} tabIndex={0} role="region" aria-label={`Result of ${run.tool}`}>
                  <JsonText text={typeof run.result === 'string' ? run.result : JSON.stringify(run.result, undefined, 2)} />
                </pre>
              </dd>
            </>
          )}
          {run.error && (
            <>
              <dt>Error</dt>
              <dd>
                <strong>{run.error.message}</strong> {run.error.hint}
              </dd>
            </>
          )}
          {run.filler !== undefined && (
            <>
              <dt>Said meanwhile</dt>
              <dd>“{run.filler}”</dd>
            </>
          )}
          <dt>Outcome</dt>
          <dd>{meaning}</dd>
        </dl>
      )}
    </li>
  )
}
