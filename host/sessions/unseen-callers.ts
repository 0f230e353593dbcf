import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'

const LOOK_MS = 500
/** Somebody who joins anew is away for a moment. */
const GONE_MS = 2000

type Awaited = Readonly<{ scope: TenantScope; session_id: SessionId; room: SessionRoom }>
/** `was_there`: somebody heard of the caller in this call. `seen`: the agent itself sees the caller since it has joined. */
type Watched = { attempt: number; was_there: boolean; seen: boolean; timer?: NodeJS.Timeout; gone_since?: number | undefined }

/**
 * A server tells who joined, and left, every three seconds when that one publishes nothing. Who comes, types and goes within that time is
 * never announced, so the agent would wait in an empty room for somebody who was there; the same for who goes while a dead process is
 * replaced. Until the agent sees the caller, the server is asked.
 */
export function createUnseenCallers({
  callerIsThere,
  end,
  log,
}: Readonly<{
  callerIsThere: RoomSeats['callerIsThere']
  end: (session_id: SessionId, reason: 'caller_left' | 'connection_lost') => void
  log: Logger
}>) {
  const watched = new Map<SessionId, Watched>()

  function lookSoon(call: Awaited, state: Watched): void {
    clearTimeout(state.timer)
    state.timer = setTimeout(() => void look(call, state), LOOK_MS).unref()
  }

  async function look(call: Awaited, state: Watched): Promise<void> {
    const { scope, session_id, room } = call
    const { attempt } = state
    const isThere = await callerIsThere(scope, { session_id, room }).catch((error: unknown) => {
      log.debug({ session_id, error }, 'whether the caller is there could not be asked')
    })
    if (watched.get(session_id) !== state || state.seen || state.attempt !== attempt) return
    if (isThere !== false || !state.was_there) state.gone_since = undefined
    else state.gone_since ??= performance.now()
    if (isThere) state.was_there = true
    if (state.gone_since === undefined || performance.now() - state.gone_since < GONE_MS) return lookSoon(call, state)
    watched.delete(session_id)
    // In a later attempt nobody looked for a while: that may have been an outage.
    end(session_id, attempt === 1 ? 'caller_left' : 'connection_lost')
  }

  function told(call: Awaited, state: Watched, event: SessionEvent): void {
    if (event.type === 'room.joined' && event.attempt !== state.attempt) {
      state.attempt = event.attempt
      state.seen = false
      state.gone_since = undefined
      lookSoon(call, state)
    }
    if (event.type === 'transcript.final') state.was_there = true
    if (event.type !== 'participant' || !event.caller || event.change === 'left') return
    state.was_there = true
    state.seen = true
    clearTimeout(state.timer)
  }

  return {
    /** What happens in a running room call. */
    told(call: Awaited, events: readonly SessionEvent[]): void {
      const state = watched.get(call.session_id) ?? { attempt: 0, was_there: false, seen: false }
      watched.set(call.session_id, state)
      for (const event of events) told(call, state, event)
    },
    forget(session_id: SessionId): void {
      clearTimeout(watched.get(session_id)?.timer)
      watched.delete(session_id)
    },
  }
}
