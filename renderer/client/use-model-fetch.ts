import { useCallback, useEffect, useRef } from 'react'
import { useModelJob, useModelJobs } from './model-jobs-context.tsx'

/** Fetches a model or a set. Progress is heard from whichever window began it; it goes on when this screen is left. */
export function useModelFetch(id: string, onDone: () => void) {
  const jobs = useModelJobs()
  const { progress, error } = useModelJob(id) ?? {}
  const done = useRef(onDone)
  useEffect(() => {
    done.current = onDone
  })
  const running = progress !== undefined
  const ran = useRef(running)
  useEffect(() => {
    if (ran.current && !running) done.current()
    ran.current = running
  }, [running])
  const get = useCallback((source?: string) => jobs.get(id, source), [jobs, id])
  const cancel = useCallback(() => jobs.cancel(id), [jobs, id])
  return { progress, error, get, cancel }
}
