import { Button, CopyButton } from '@mantine/core'
import { useUiState } from '../client/settings-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import classes from './app.module.css'

const isMoment = (value: unknown): value is number => typeof value === 'number'

/** A database that was damaged and rebuilt when Greenroom started: told until somebody has read it, in one window for all. */
export function RecoveryBanner() {
  const { value } = useOperation('system.info', {})
  const [seen, setSeen] = useUiState('recovery.seen', 0, isMoment)
  const recoveries = value?.recoveries.filter(({ at }) => at > seen) ?? []
  const newest = Math.max(0, ...recoveries.map(({ at }) => at))
  if (recoveries.length === 0) return null
  return (
    <div className={classes.banner} role="alert">
      <div className={classes.recovery}>
        {recoveries.map(({ file, report, set_aside }) => (
          <div key={file}>
            <strong>{file === 'calls.db' ? 'The calls' : 'The agents and settings'} were recovered from a damaged file.</strong>{' '}
            <span className={classes.report}>{report}</span> The damaged file is kept in <code className="mono">{set_aside}</code>
            .{' '}
            <CopyButton value={set_aside}>
              {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy the path'}</Button>}
            </CopyButton>
          </div>
        ))}
      </div>
      <Button onClick={() => setSeen(newest)}>I have read it</Button>
    </div>
  )
}
