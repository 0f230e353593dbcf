import { IconPlugConnected } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './room.module.css'

/** The same line of a direct call: no server is in between. */
export const DirectStrip = ({ children }: { children: ReactNode }) => (
  <div className={classes.strip} role="group" aria-label="Direct call">
    <IconPlugConnected size={14} aria-hidden className={classes.stripIcon} />
    <span>Direct call</span>
    <span className={classes.spacer} />
    {children}
  </div>
)
