import { historyOf } from '../../core/session/history.ts'
import { applySessionEvent, emptySessionView } from '../../core/session/session-view.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalPosition } from '../../core/contract/session-events.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Past } from './live-session.ts'

const PAGE = 2000

/** The conversation so far, from the journal alone. */
export async function readPast(calls: CallStore, scope: TenantScope, session_id: SessionId): Promise<Past> {
  let view = emptySessionView(session_id)
  for (let more = true, after: JournalPosition = view.position; more; after = view.position) {
    const page = await calls.journal(scope, session_id, after, PAGE)
    for (const event of page.events) view = applySessionEvent(view, event)
    more = page.more
  }
  const script_used = view.turns.filter(({ source, heard }) => source === 'voice' && heard !== undefined).length
  return { history: historyOf(view), turn_count: view.turns.length, script_used }
}
