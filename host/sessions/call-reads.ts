import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalPosition } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { noSuchCall } from './session-failure.ts'
import type { SessionDeps } from './session-deps.ts'
import type { SessionFeed } from './session-feed.ts'
import type { SessionSink } from './session-stream.ts'

export type CallReads = ReturnType<typeof createCallReads>

/** Calls as they are kept; what was announced of one is on disk before it is read. */
export function createCallReads({ calls, seats }: Pick<SessionDeps, 'calls' | 'seats'>, feed: SessionFeed) {
  async function find(scope: TenantScope, session_id: SessionId): Promise<StoredSession> {
    await feed.flush()
    const session = await calls.find(scope, session_id)
    if (session) return session
    throw noSuchCall()
  }

  return {
    find,

    summary: async (scope: TenantScope, session_id: SessionId): Promise<SessionSummary> =>
      summaryOf(await find(scope, session_id)),

    /** What a window needs to take part. */
    reply: async (scope: TenantScope, session_id: SessionId) => {
      const session = await find(scope, session_id)
      const { room, input } = session
      const join = room?.origin === 'studio' && seats ? await seats.callerJoin(scope, { session_id, room }, input.as) : undefined
      return { session: summaryOf(session), media_path: `/media/${session_id}`, ...(join && { room: join }) }
    },

    journal: async (scope: TenantScope, session_id: SessionId, after: JournalPosition, limit: number) => {
      await find(scope, session_id)
      return calls.journal(scope, session_id, after, limit)
    },

    /** See `SessionStream.subscribe`; rejects with `not_found`. */
    subscribe: async (
      scope: TenantScope,
      session_id: SessionId,
      after: JournalPosition,
      sink: SessionSink,
    ): Promise<() => void> => {
      await find(scope, session_id)
      return feed.subscribe(scope, session_id, after, sink)
    },
  }
}

function summaryOf({ input: _, lease: __, release: ___, ...session }: StoredSession): SessionSummary {
  return session
}
