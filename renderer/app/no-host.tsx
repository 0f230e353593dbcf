import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { toStudioError } from '../client/use-operation.ts'
import { Empty } from '../ui/empty.tsx'

const AGAIN_MS = 1500

/** Nothing can be shown before the host has answered once; it is asked again by itself. */
export function NoHost({ cause, onRetry }: { cause: unknown; onRetry: () => void }) {
  const { code, message, hint } = toStudioError(cause)
  const loggedOut = code === 'unauthorized'
  useEffect(() => {
    if (loggedOut) return
    const timer = setTimeout(onRetry, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [loggedOut, onRetry, cause])
  return (
    <main style={{ height: '100%' }} role="alert">
      <Empty
        title={loggedOut ? 'This page is not logged in' : message}
        hint={
          loggedOut
            ? 'Open the link that Greenroom printed when it started, or start Greenroom again.'
            : `${hint} Trying again by itself.`
        }
        action={<Button onClick={onRetry}>Try again now</Button>}
      />
    </main>
  )
}
