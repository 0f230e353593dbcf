import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { JournalBody, JournalEvent, JournalPosition } from '../../core/contract/session-events.ts'
import type { CallStore, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { LostCall } from './lost-calls.ts'

/** `reason`: why it has ended; absent: its connection was lost. */
export type LeftBehind = Readonly<{ scope: TenantScope; session: StoredSession; last: JournalPosition; reason?: string }>

export type RecoverDeps = Readonly<{
  calls: CallStore
  log: Logger
  seats: Pick<RoomSeats, 'callerIsThere'> | undefined
  /** Attempt n+1 of it begins here. */
  takeOver: (scope: TenantScope, session: StoredSession, room: SessionRoom) => Promise<void>
  onLost: (call: LostCall) => void
  /** Kept, and told to whoever listens already. */
  tell: (scope: TenantScope, session_id: SessionId, event: JournalEvent) => Promise<void>
}>

/** The last event of a call that nobody holds any more. */
export function endLeftBehind({ session, last, reason = 'connection_lost' }: LeftBehind): JournalEvent {
  const ended: JournalBody = { type: 'session.ended', reason }
  const at = Date.now()
  return { ...ended, attempt: last.attempt, seq: last.seq + 1, at, at_ms: at - session.started_at }
}

/**
 * Calls that the last host left behind. A direct one has lost its page. One in a room goes on when its caller is still there: the folder's
 * lock says that nobody else holds it, and its identity keeps a process that has not died yet from being heard beside the new one.
 * Resolves when the direct ones are ended; a server that does not answer keeps nobody from starting.
 */
export async function recoverCalls({ calls, log, seats, takeOver, onLost, tell }: RecoverDeps): Promise<void> {
  async function end(left: LeftBehind): Promise<void> {
    await tell(left.scope, left.session.session_id, endLeftBehind(left))
  }

  async function judge(left: LeftBehind, room: SessionRoom, places: Pick<RoomSeats, 'callerIsThere'>): Promise<void> {
    const { scope, session } = left
    const { session_id } = session
    const isThere = await places.callerIsThere(scope, { session_id, room }).catch(() => false)
    if (isThere) return takeOver(scope, session, room)
    await end(left)
    onLost({ scope, session_id, room })
  }

  for (const left of await calls.listUnended()) {
    const { session_id, room } = left.session
    if (!room || !seats) await end(left)
    else {
      judge(left, room, seats).catch((error: unknown) => {
        log.error({ session_id, error }, 'a room call of the last host could not go on')
      })
    }
  }
}
