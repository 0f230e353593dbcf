import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'

/** So long a lost call waits for its caller. */
export const RETURN_MS = 10 * 60 * 1000
const LOOK_MS = 3000

export type LostCall = Readonly<{ scope: TenantScope; session_id: SessionId; room: SessionRoom }>

/** Calls whose connection was lost: each goes on by itself when its caller is in the room again. */
export function createLostCalls({
  callerIsThere,
  resume,
  log,
}: Readonly<{
  callerIsThere: RoomSeats['callerIsThere']
  resume: (call: LostCall) => Promise<void>
  log: Logger
}>) {
  const timers = new Map<SessionId, NodeJS.Timeout>()

  async function look(call: LostCall, until: number): Promise<void> {
    const { scope, session_id, room } = call
    const isThere = await callerIsThere(scope, { session_id, room }).catch(() => false)
    if (!timers.has(session_id)) return
    if (!isThere) return lookLater(call, until)
    timers.delete(session_id)
    await resume(call)
  }

  function lookLater(call: LostCall, until: number): void {
    const { session_id } = call
    timers.delete(session_id)
    if (Date.now() >= until) return
    const timer = setTimeout(() => {
      look(call, until).catch((error: unknown) => log.warn({ session_id, error }, 'a lost call could not go on'))
    }, LOOK_MS)
    timers.set(session_id, timer.unref())
  }

  return {
    watch: (call: LostCall, ended_at: number) => lookLater(call, ended_at + RETURN_MS),
    forget: (session_id: SessionId) => {
      clearTimeout(timers.get(session_id))
      timers.delete(session_id)
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
