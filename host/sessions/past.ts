import { publicEvent } from '../../core/room/public-event.ts'
import { historyOf, unfinishedToolsOf } from '../../core/session/history.ts'
import { applySessionEvent, emptySessionView, type SessionView } from '../../core/session/session-view.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { PastLine, SessionSpec, UnfinishedTool } from '../../core/contract/runtime.ts'
import type { JournalPosition, SessionEvent } from '../../core/contract/session-events.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** What a session goes on from. `script_used`: how many lines of the rehearsal's script were spoken. */
export type Past = Readonly<{
  history: readonly PastLine[]
  unfinished_tools: readonly UnfinishedTool[]
  turn_count: number
  script_used: number
  /** What frontends in a room may have missed. */
  earlier: readonly SessionEvent[]
}>
export const NO_PAST: Past = { history: [], unfinished_tools: [], turn_count: 0, script_used: 0, earlier: [] }

const PAGE = 2000

/** The conversation so far, from the journal alone. */
export async function readPast(calls: CallStore, scope: TenantScope, session_id: SessionId): Promise<Past> {
  const view = await readView(calls, scope, session_id)
  const script_used = view.turns.filter(({ source, heard }) => source === 'voice' && heard !== undefined).length
  return {
    history: historyOf(view),
    unfinished_tools: unfinishedToolsOf(view),
    turn_count: view.turns.length,
    script_used,
    earlier: view.events.flatMap((event) => publicEvent(event) ?? []),
  }
}

async function readView(calls: CallStore, scope: TenantScope, session_id: SessionId): Promise<SessionView> {
  let view = emptySessionView(session_id)
  for (let more = true, after: JournalPosition = view.position; more; after = view.position) {
    const page = await calls.journal(scope, session_id, after, PAGE)
    for (const event of page.events) view = applySessionEvent(view, event)
    more = page.more
  }
  return view
}

/** What a session process is told of the past. */
export const pastInSpec = (past: Past, inRoom: boolean) =>
  ({
    history: [...past.history],
    turn_count: past.turn_count,
    ...(past.unfinished_tools.length > 0 && { unfinished_tools: [...past.unfinished_tools] }),
    ...(inRoom && past.earlier.length > 0 && { earlier: [...past.earlier] }),
  }) satisfies Partial<SessionSpec>
