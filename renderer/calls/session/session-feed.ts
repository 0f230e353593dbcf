import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SessionEvent, SessionId, SessionStreamMessage } from '../../../core/contract/index.ts'
import { applySessionEvent, emptySessionView, resetOpenTurn, type SessionView } from '../../../core/session/session-view.ts'
import type { StudioClient } from '../../client/studio-client.ts'

/** One session as the page knows it. Events are the only way in. */
export type SessionFeed = Readonly<{ session_id: SessionId; store: StoreApi<SessionView>; close: () => void }>

/** What a message of the stream makes of the view: a snapshot replaces all that only deltas had told. */
export function applyStreamMessage(view: SessionView, message: SessionStreamMessage): SessionView {
  return applyAll(message.type === 'snapshot' ? resetOpenTurn(view) : view, message.events)
}

const applyAll = (view: SessionView, events: readonly SessionEvent[]): SessionView => events.reduce(applySessionEvent, view)

/** A running call: its journal so far, then everything live. */
export function followSession(studio: StudioClient, session_id: SessionId): SessionFeed {
  const store = createStore<SessionView>(() => emptySessionView(session_id))
  const close = studio.openSession(session_id, store.getState().position, (message) =>
    store.setState((view) => applyStreamMessage(view, message), true),
  )
  return { session_id, store, close }
}

/** An ended call: its journal, page by page. */
export async function readSession(studio: StudioClient, session_id: SessionId): Promise<SessionView> {
  let view = emptySessionView(session_id)
  for (;;) {
    const { events, more } = await studio.call('session.journal', { session_id, after: view.position })
    view = applyAll(view, events)
    if (!more || events.length === 0) return view
  }
}
