import { useEffect, useState } from 'react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { followSession, readSession } from '../session/session-feed.ts'

type Loaded = Readonly<{ key: string; view?: SessionView; error?: StudioError }>

/** What happened in a call: live while it runs, from its journal afterwards. */
export function useCallView(
  session: SessionSummary | undefined,
): Readonly<{ view: SessionView | undefined; error: StudioError | undefined }> {
  const studio = useStudio()
  const [loaded, setLoaded] = useState<Loaded>({ key: '' })
  const session_id = session?.session_id
  const live = session !== undefined && session.state !== 'ended'
  const key = `${session_id ?? ''} ${live}`
  useEffect(() => {
    if (session_id === undefined) return
    if (live) {
      const feed = followSession(studio, session_id)
      const off = feed.store.subscribe((view) => setLoaded({ key, view }))
      return () => {
        off()
        feed.close()
      }
    }
    let current = true
    readSession(studio, session_id).then(
      (view) => current && setLoaded({ key, view }),
      (cause: unknown) => current && setLoaded({ key, error: toStudioError(cause) }),
    )
    return () => {
      current = false
    }
  }, [studio, session_id, live, key])
  // A call that ends keeps its last picture until the journal is read.
  const same = session_id !== undefined && loaded.key.startsWith(session_id)
  return { view: same ? loaded.view : undefined, error: same ? loaded.error : undefined }
}
