import { useCallback, useEffect, useRef, useState } from 'react'
import type { StudioError } from '../../core/contract/errors.ts'
import { isModelProgress, type ModelProgress } from '../../core/contract/index.ts'
import { useStudio } from './studio-context.tsx'
import { toStudioError } from './use-operation.ts'

/** Fetches a model set. Progress is heard from whichever window began it; it goes on when this screen is left. */
export function useModelFetch(set_id: string, onDone: () => void) {
  const studio = useStudio()
  const [progress, setProgress] = useState<ModelProgress>()
  const [error, setError] = useState<StudioError>()
  const job = useRef<string>(undefined)
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  })

  useEffect(
    () =>
      studio.onEvent((event) => {
        if (event.type !== 'job.progress' || !isModelProgress(event.progress) || event.progress.id !== set_id) return
        job.current = event.job_id
        const finished = event.progress.phase === 'done'
        setProgress(finished ? undefined : event.progress)
        if (finished) done.current()
      }),
    [studio, set_id],
  )

  const get = useCallback(
    async (mirror?: string) => {
      setError(undefined)
      setProgress({ id: set_id, phase: 'downloading', item: 'the list of files', done_bytes: 0, total_bytes: 0 })
      try {
        await studio.call('model.get', { id: set_id, ...(mirror ? { source: mirror } : {}) })
      } catch (cause) {
        const failure = toStudioError(cause)
        if (failure.code !== 'cancelled') setError(failure)
      } finally {
        setProgress(undefined)
        done.current()
      }
    },
    [studio, set_id],
  )
  const cancel = useCallback(async () => {
    if (job.current)
      await studio.call('job.cancel', { job_id: job.current }).catch((cause: unknown) => setError(toStudioError(cause)))
  }, [studio])
  return { progress, error, get, cancel }
}
