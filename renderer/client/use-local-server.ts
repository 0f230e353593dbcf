import { useCallback, useEffect, useRef, useState } from 'react'
import { isModelProgress, type JobProgress, type LocalLiveKit } from '../../core/contract/index.ts'
import type { StudioError } from '../../core/contract/studio-error.ts'
import { useStudio } from './studio-context.tsx'
import { toStudioError, useOperation } from './use-operation.ts'

/** LiveKit connections, the worker and the local server, kept up to date; `undefined` asks nothing yet. */
export const useConnections = () => useOperation('connection.list', {}, ['connection.changed', 'secret.changed'])

export type LocalServerDeeds = Readonly<{
  /** While this window waits for it. */
  busy: boolean
  progress: JobProgress | undefined
  error: StudioError | undefined
  /** Undefined when it did not start, which `error` tells. */
  start: (options: Readonly<{ download: boolean; lan?: boolean }>) => Promise<LocalLiveKit | undefined>
  cancel: () => void
  stop: () => Promise<void>
}>

/** Starts (and where it is missing, fetches) the LiveKit server of this machine, with progress and a way to stop waiting. */
export function useLocalServer(): LocalServerDeeds {
  const studio = useStudio()
  const [progress, setProgress] = useState<JobProgress>()
  const [error, setError] = useState<StudioError>()
  const [busy, setBusy] = useState(false)
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])

  const start = useCallback<LocalServerDeeds['start']>(
    async ({ download, lan = false }) => {
      const controller = new AbortController()
      abort.current = controller
      setBusy(true)
      setError(undefined)
      setProgress(undefined)
      try {
        const { signal } = controller
        return await studio.call('local_server.start', { download, lan }, { signal, onProgress: setProgress })
      } catch (cause) {
        const failure = toStudioError(cause)
        if (failure.code !== 'cancelled') setError(failure)
        return undefined
      } finally {
        if (abort.current === controller) abort.current = undefined
        setBusy(false)
        setProgress(undefined)
      }
    },
    [studio],
  )
  const stop = useCallback(async () => {
    setError(undefined)
    await studio.call('local_server.stop', {}).catch((cause: unknown) => setError(toStudioError(cause)))
  }, [studio])
  const cancel = useCallback(() => abort.current?.abort(), [])
  return { busy, progress, error, start, cancel, stop }
}

/** 0 to 100, while something is fetched. */
export const fetchedPercent = (progress: JobProgress | undefined): number | undefined =>
  progress && isModelProgress(progress) && progress.total_bytes > 0
    ? (progress.done_bytes / progress.total_bytes) * 100
    : undefined
