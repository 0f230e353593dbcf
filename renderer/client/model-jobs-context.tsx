import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { createModelJobs, type ModelJob, type ModelJobs, type ModelJobsState } from './model-jobs.ts'
import { useStudio } from './studio-context.tsx'

const ModelJobsContext = createContext<ModelJobs | undefined>(undefined)

export function ModelJobsProvider({ children }: { children: ReactNode }) {
  const studio = useStudio()
  const [jobs, setJobs] = useState<ModelJobs>()
  useEffect(() => {
    const made = createModelJobs(studio)
    setJobs(made)
    return made.close
  }, [studio])
  return jobs ? <ModelJobsContext value={jobs}>{children}</ModelJobsContext> : null
}

export function useModelJobs(): ModelJobs {
  const jobs = useContext(ModelJobsContext)
  if (!jobs) throw new Error('useModelJobs outside ModelJobsProvider')
  return jobs
}

export const useModelJob = (id: string): ModelJob | undefined => useStore(useModelJobs().store, (state) => state[id])
export const useAllModelJobs = (): ModelJobsState => useStore(useModelJobs().store)
