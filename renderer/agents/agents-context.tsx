import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { useStudio } from '../client/studio-context.tsx'
import { createAgentStore, type AgentStore, type LibraryState } from './agent-store.ts'
import { createDraftStore, type DraftState, type DraftStore } from './draft-store.ts'

type Agents = Readonly<{ library: AgentStore; draft: (agent_id: string) => DraftStore }>
const AgentsContext = createContext<Agents | undefined>(undefined)

/** Library and drafts of this window. A draft stays while the window lives, so that switching agents drops nothing. */
export function AgentsProvider({ children }: { children: ReactNode }) {
  const studio = useStudio()
  const [agents, setAgents] = useState<Agents>()
  useEffect(() => {
    const library = createAgentStore(studio)
    const drafts = new Map<string, DraftStore>()
    const draft = (agent_id: string) => {
      const open = drafts.get(agent_id) ?? createDraftStore(studio, agent_id)
      drafts.set(agent_id, open)
      return open
    }
    const off = studio.onEvent((event) => {
      if (event.type === 'agent.deleted') drafts.delete(event.agent_id)
      for (const open of drafts.values()) open.hear(event)
    })
    const flush = () => drafts.forEach((open) => open.flush(true))
    const warn = (event: BeforeUnloadEvent) => {
      const lost = [...drafts.values()].some(({ store }) => store.getState().draft?.unsent && store.getState().error)
      if (lost) event.preventDefault()
    }
    window.addEventListener('pagehide', flush)
    window.addEventListener('beforeunload', warn)
    setAgents({ library, draft })
    return () => {
      off()
      library.close()
      drafts.forEach((open) => open.close())
      window.removeEventListener('pagehide', flush)
      window.removeEventListener('beforeunload', warn)
    }
  }, [studio])
  return agents ? <AgentsContext value={agents}>{children}</AgentsContext> : null
}

export function useAgents(): Agents {
  const agents = useContext(AgentsContext)
  if (!agents) throw new Error('useAgents outside AgentsProvider')
  return agents
}

export const useLibrary = <Value,>(select: (state: LibraryState) => Value): Value => useStore(useAgents().library.store, select)

export const useDraftStore = (agent_id: string): DraftStore => useAgents().draft(agent_id)

export const useDraft = <Value,>(agent_id: string, select: (state: DraftState) => Value): Value =>
  useStore(useDraftStore(agent_id).store, select)
