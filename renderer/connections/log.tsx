import classes from './connections.module.css'

/** The last lines that a process wrote; folded until somebody wants to know. */
export function Log({ label, lines }: { label: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <details className={classes.log}>
      <summary>
        {label} · {lines.length} {lines.length === 1 ? 'line' : 'lines'}
      </summary>
      <pre className={classes.lines} tabIndex={0} aria-label={label}>
        {lines.join('\n')}
      </pre>
    </details>
  )
}
