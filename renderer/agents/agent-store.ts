import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AgentId, AgentSummary } from '../../core/contract/index.ts'
import type { StudioError } from '../../core/contract/errors.ts'
import type { StudioClient } from '../client/studio-client.ts'
import { toStudioError } from '../client/use-operation.ts'
import { applyAgentEvent, emptyAgentState, type AgentState, type LibraryEvent } from './agent-state.ts'

/** The first page fills the screen soon; the rest comes in few answers. */
const FIRST_PAGE = 100
const NEXT_PAGES = 500

export type LibraryState = AgentState & Readonly<{ error?: StudioError | undefined }>
export type AgentStore = Readonly<{
  store: StoreApi<LibraryState>
  reload: () => Promise<void>
  /** The answer to a command of this window, ahead of its echo. */
  add: (agent: AgentSummary) => void
  remove: (agent_id: AgentId) => void
  close: () => void
}>

const isAgentEvent = (event: { type: string }): event is Extract<LibraryEvent, { type: `agent.${string}` }> =>
  event.type.startsWith('agent.')

/** Keeps the library: a snapshot page by page after every (re)connect, then events. */
export function createAgentStore(studio: StudioClient): AgentStore {
  const store = createStore<LibraryState>(() => emptyAgentState)
  const apply = (event: LibraryEvent) => store.setState((state) => applyAgentEvent(state, event))
  let round = 0

  const load = async (cursor: string | undefined, mine: number): Promise<void> => {
    const { agents, next_cursor } = await studio.call(
      'agent.list',
      cursor ? { limit: NEXT_PAGES, cursor } : { limit: FIRST_PAGE },
    )
    if (mine !== round) return
    apply({ type: 'agents.page', agents, first: cursor === undefined, last: next_cursor === undefined })
    if (next_cursor) await load(next_cursor, mine)
  }
  const reload = async () => {
    const mine = ++round
    try {
      await load(undefined, mine)
      store.setState({ error: undefined })
    } catch (cause) {
      store.setState({ error: toStudioError(cause) })
    }
  }

  const off = studio.onEvent((event) => {
    if (event.type === 'hello') void reload()
    else if (isAgentEvent(event)) apply(event)
  })
  void reload()
  return {
    store,
    reload,
    add: (agent) => apply({ type: 'agent.changed', agent }),
    remove: (agent_id) => apply({ type: 'agent.deleted', agent_id }),
    close: off,
  }
}
