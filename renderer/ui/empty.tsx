import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** Nothing is here yet: says so, and what to do next. */
export const Empty = ({
  title,
  hint,
  icon,
  action,
}: {
  title: string
  hint: ReactNode
  icon?: ReactNode
  action?: ReactNode
}) => (
  <div className={classes.empty}>
    {icon && (
      <div className={classes.icon} aria-hidden>
        {icon}
      </div>
    )}
    <h2 className={classes.title}>{title}</h2>
    <p className={classes.hint}>{hint}</p>
    {action && <div className={classes.action}>{action}</div>}
  </div>
)
