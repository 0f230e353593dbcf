import { useEffect, useState } from 'react'
import { useConnection } from '../client/studio-context.tsx'
import classes from './app.module.css'

/** A restart of the host takes less than this; it is not worth a word. */
const PATIENCE_MS = 700

export function OfflineBanner() {
  const connection = useConnection()
  const [late, setLate] = useState(false)
  const away = connection === 'offline'
  useEffect(() => {
    if (!away) return setLate(false)
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [away])
  if (connection === 'logged_out')
    return (
      <div className={classes.banner} role="alert">
        This page is no longer logged in. Open the link that Greenroom printed when it started; what was kept is there.
      </div>
    )
  if (!away || !late) return null
  return (
    <div className={classes.banner} role="alert">
      Greenroom does not answer. Keep typing: nothing is lost, and it is sent as soon as the connection is back.
    </div>
  )
}
