import { useEffect, useState } from 'react'
import { formatClock } from '../format.ts'
import classes from './header.module.css'

/** How long the call runs, or ran. */
export function CallClock({ from, to }: { from: number; to: number | undefined }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (to !== undefined) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [to])
  return (
    <span className={classes.clock} role="timer">
      {formatClock((to ?? Math.max(now, from)) - from)}
    </span>
  )
}
