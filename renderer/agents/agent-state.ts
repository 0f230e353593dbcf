import type { AgentEvent, AgentSummary } from '../../core/contract/index.ts'

/** The library as this window knows it. */
export type AgentState = Readonly<{
  byId: Readonly<Record<string, AgentSummary>>
  /** `loading`: the first page is not here yet; `partial`: more pages follow. */
  status: 'loading' | 'partial' | 'complete'
}>

export type LibraryEvent =
  | AgentEvent
  /** A page of a fresh snapshot; the first one drops what was known before. */
  | Readonly<{ type: 'agents.page'; agents: readonly AgentSummary[]; first: boolean; last: boolean }>

export const emptyAgentState: AgentState = { byId: {}, status: 'loading' }

/** The only way agent data enters the page, whichever window or client caused it. */
export function applyAgentEvent(state: AgentState, event: LibraryEvent): AgentState {
  switch (event.type) {
    case 'agents.page': {
      const page = Object.fromEntries(event.agents.map((agent) => [agent.agent_id, agent]))
      // The pages of a second snapshot land on what is shown, so that the list never flickers; the last one is the whole truth.
      return { byId: event.first ? page : { ...state.byId, ...page }, status: event.last ? 'complete' : 'partial' }
    }
    case 'agent.changed': {
      const { agent } = event
      const before = agent.is_default ? Object.values(state.byId).find(({ is_default }) => is_default) : undefined
      // There is one default, and only the new one is told of.
      const byId = before ? { ...state.byId, [before.agent_id]: { ...before, is_default: false } } : state.byId
      return { ...state, byId: { ...byId, [agent.agent_id]: agent } }
    }
    case 'agent.deleted': {
      const { [event.agent_id]: _gone, ...byId } = state.byId
      return { ...state, byId }
    }
    case 'agent.edited': {
      const agent = state.byId[event.agent_id]
      const unsaved = event.working_copy !== undefined
      if (!agent || agent.unsaved === unsaved) return state
      return { ...state, byId: { ...state.byId, [event.agent_id]: { ...agent, unsaved } } }
    }
  }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

export const agentsByName = (state: AgentState): AgentSummary[] =>
  Object.values(state.byId).sort((a, b) => collator.compare(a.name, b.name) || collator.compare(a.agent_id, b.agent_id))

/** Every word must occur in name, id, description or tags. */
export function searchAgents(agents: readonly AgentSummary[], query: string): readonly AgentSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return agents
  return agents.filter((agent) => {
    const text = `${agent.name} ${agent.agent_id} ${agent.description} ${agent.tags.join(' ')}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
