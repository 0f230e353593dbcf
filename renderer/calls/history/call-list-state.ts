import type { SessionId, SessionSummary } from '../../../core/contract/index.ts'

/** Calls as far as they are loaded, newest first. */
export type CallListState = Readonly<{
  sessions: readonly SessionSummary[]
  /** Of all that match. */
  count: number
  next_cursor?: string | undefined
}>

export const NO_CALLS: CallListState = { sessions: [], count: 0 }

export type CallPage = Readonly<{ sessions: readonly SessionSummary[]; count: number; next_cursor?: string | undefined }>

/** The next page of the same query; what came in meanwhile by events is not there twice. */
export function withPage(state: CallListState, page: CallPage): CallListState {
  const known = new Set(state.sessions.map(({ session_id }) => session_id))
  return {
    sessions: [...state.sessions, ...page.sessions.filter(({ session_id }) => !known.has(session_id))],
    count: page.count,
    next_cursor: page.next_cursor,
  }
}

/**
 * A call changed. One that is newer than all others goes first when the list is not searched; of any other that is not shown only the
 * host knows whether and where it belongs: `undefined` asks for a reload.
 */
export function withChanged(state: CallListState, session: SessionSummary, searched: boolean): CallListState | undefined {
  if (!state.sessions.some(({ session_id }) => session_id === session.session_id)) {
    const newest = state.sessions[0]?.started_at ?? 0
    if (searched || session.started_at < newest) return undefined
    return { ...state, sessions: [session, ...state.sessions], count: state.count + 1 }
  }
  return { ...state, sessions: state.sessions.map((known) => (known.session_id === session.session_id ? session : known)) }
}

export function withoutCall(state: CallListState, session_id: SessionId): CallListState {
  const sessions = state.sessions.filter((known) => known.session_id !== session_id)
  return { ...state, sessions, count: state.count - (state.sessions.length - sessions.length) }
}

/** The call that takes the place of one that goes away: the next older, else the next newer. */
export function neighbourOf(state: CallListState, session_id: string): SessionSummary | undefined {
  const at = state.sessions.findIndex((known) => known.session_id === session_id)
  return at < 0 ? undefined : (state.sessions[at + 1] ?? state.sessions[at - 1])
}
