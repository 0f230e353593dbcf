import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { JournalPosition, SessionEvent } from '../../core/contract/session-events.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Emit } from '../handler.ts'
import { createJournalWriter } from './journal-writer.ts'
import { createSessionStream, type SessionSink, type SessionStream } from './session-stream.ts'

export type SessionFeedDeps = Readonly<{
  calls: Pick<CallStore, 'commit' | 'journal'>
  log: Logger
  emit: Emit
  isRunning: (session_id: SessionId) => boolean
}>

export type SessionFeed = ReturnType<typeof createSessionFeed>

/** What happens in calls, on its way to the journal, to those who watch a call, and to whoever lists them. */
export function createSessionFeed({ calls, log, emit, isRunning }: SessionFeedDeps) {
  const streams = new Map<SessionId, SessionStream>()
  const announced = new Map<SessionId, string>()
  const journal = createJournalWriter({
    calls,
    log,
    onSaved: (scope, session_id, position, session) => {
      streams.get(session_id)?.saved(position)
      announce(scope, session)
    },
  })

  /** Windows hear of a call only when its summary is another one. */
  function announce(scope: TenantScope, session: SessionSummary): void {
    const said = JSON.stringify(session)
    if (announced.get(session.session_id) === said) return
    if (session.state === 'ended') announced.delete(session.session_id)
    else announced.set(session.session_id, said)
    emit({ type: 'session.changed', session, tenant_id: scope.tenant_id })
  }

  function streamOf(scope: TenantScope, session_id: SessionId): SessionStream {
    const existing = streams.get(session_id)
    if (existing) return existing
    const stream = createSessionStream({
      readJournal: (after, limit) => calls.journal(scope, session_id, after, limit),
      onFailure: (error) => log.error({ session_id, error }, 'a subscriber could not be served'),
    })
    streams.set(session_id, stream)
    return stream
  }

  /** Nothing more comes of it, and nobody watches. */
  function forget(session_id: SessionId): void {
    if (!isRunning(session_id) && !streams.get(session_id)?.isWatched()) streams.delete(session_id)
  }

  return {
    announce,
    forget,
    flush: journal.flush,
    kept: journal.kept,
    publish(scope: TenantScope, session_id: SessionId, events: readonly SessionEvent[]): void {
      journal.add(
        scope,
        session_id,
        events.filter((event) => 'seq' in event),
      )
      streamOf(scope, session_id).publish(events)
    },
    subscribe(scope: TenantScope, session_id: SessionId, after: JournalPosition, sink: SessionSink): () => void {
      const unsubscribe = streamOf(scope, session_id).subscribe(after, sink)
      return () => {
        unsubscribe()
        forget(session_id)
      }
    },
  }
}
