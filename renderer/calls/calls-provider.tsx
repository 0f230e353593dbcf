import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useStudio } from '../client/studio-context.tsx'
import { useTakeUpCalls } from './session/use-take-up-calls.ts'
import type { LiveCalls } from './session/live-calls.ts'

const CallsContext = createContext<LiveCalls | undefined>(undefined)

/**
 * Calls live here, above the workspaces, so that one goes on while another agent is looked at. Their code comes after the first
 * picture of the page.
 */
export function CallsProvider({ children }: { children: ReactNode }) {
  const studio = useStudio()
  const [calls, setCalls] = useState<LiveCalls>()
  useEffect(() => {
    let current = true
    void import('./session/live-calls.ts').then(({ createLiveCalls }) => current && setCalls(createLiveCalls(studio)))
    return () => {
      current = false
    }
  }, [studio])
  useTakeUpCalls(calls)
  useEffect(() => {
    if (!calls) return
    return studio.onEvent((event) => {
      if (event.type === 'hello') for (const call of calls.all()) call.reconnected()
      if (event.type === 'session.changed') for (const call of calls.all()) call.changed(event.session)
    })
  }, [studio, calls])
  return <CallsContext value={calls}>{children}</CallsContext>
}

/** Undefined while their code is on its way. */
export const useLiveCalls = (): LiveCalls | undefined => useContext(CallsContext)
