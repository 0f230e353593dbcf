import { Button } from '@mantine/core'
import type { StudioError } from '../../core/contract/errors.ts'
import classes from './error-note.module.css'

/** What happened, why, and what to do, where it happened. */
export const ErrorNote = ({
  error,
  onRetry,
}: {
  error: Pick<StudioError, 'message' | 'hint' | 'problems'>
  onRetry?: () => void
}) => (
  <div className={classes.note} role="alert">
    <div>
      <strong>{error.message}</strong>
      <div>{error.hint}</div>
      {error.problems.length > 0 && (
        <ul className={classes.problems}>
          {error.problems.map(({ path, message }) => (
            <li key={path + message}>
              {path && <code className="mono">{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
    {onRetry && <Button onClick={onRetry}>Try again</Button>}
  </div>
)
