import { setTimeout as wait } from 'node:timers/promises'
import type { StudioError } from '../../core/contract/errors.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import type { LostCall } from './lost-calls.ts'
import { endLeftBehind, type LeftBehind } from './recover-calls.ts'
import type { CallEnd, Running } from './running-calls.ts'
import type { SessionDeps } from './session-deps.ts'
import type { SessionFeed } from './session-feed.ts'

/** A store that is away keeps nobody in a room. */
const KNOWN_MS = 1500

export type EndingsOptions = Readonly<{
  deps: Pick<SessionDeps, 'calls' | 'quota' | 'log'>
  feed: Pick<SessionFeed, 'flush' | 'forget'>
  publish: (scope: TenantScope, session_id: SessionId, events: readonly SessionEvent[]) => void
  /** It goes on when its caller is back. */
  onLost: (call: LostCall) => void
}>

export type CallEndings = ReturnType<typeof createCallEndings>

/** What is done when a call is over: its place is given back, and the room is left as its end wants it. */
export function createCallEndings({ deps, feed, publish, onLost }: EndingsOptions) {
  const { calls, quota, log } = deps
  /** Calls that have just ended, until nothing more of them is to be done. */
  const leaving = new Set<Promise<void>>()

  function untilClosed(done: Promise<void>): void {
    const kept = done.finally(() => leaving.delete(kept))
    leaving.add(kept)
  }

  function giveBack(scope: TenantScope, session_id: SessionId, started_at: number, ended_at = started_at): void {
    quota?.leave(scope, { session_id, started_at, ended_at }).catch((error: unknown) => {
      log.warn({ session_id, error }, 'the place of a call could not be given back; it is free when its lease runs out')
    })
  }

  const leave = (seat: RoomSeat, reason: string, failure?: StudioError): void =>
    untilClosed(seat.leave({ reason, failure: failure?.message }))

  /** Rejects when the store cannot be asked. */
  async function isCurrent(scope: TenantScope, session_id: SessionId, attempt: number): Promise<boolean> {
    const now = await calls.find(scope, session_id)
    return now !== undefined && now.state !== 'ended' && now.attempt === attempt
  }

  /** A host that was stopped for a while ends calls for reasons of its own, although another one has gone on with them. */
  async function isTakenOver(scope: TenantScope, session_id: SessionId, attempt: number): Promise<boolean> {
    const known = calls.find(scope, session_id).then((now) => now !== undefined && now.attempt > attempt)
    return Promise.race([known.catch(() => false), wait(KNOWN_MS, false, { ref: false })])
  }

  async function end(session: StoredSession, { scope, live, seat }: Running, { reason, at, failure }: CallEnd): Promise<void> {
    const { session_id, started_at, room } = session
    // Nobody takes over a call without a room.
    const isGone = reason === 'superseded' || (seat !== undefined && (await isTakenOver(scope, session_id, live.attempt())))
    if (isGone) quota?.forget(session_id)
    else giveBack(scope, session_id, started_at, at)
    if (room && !isGone && reason === 'connection_lost') onLost({ scope, session_id, room })
    await seat?.leave({ reason: isGone ? 'superseded' : reason, failure: failure?.message })
  }

  return {
    giveBack,
    leave,
    isCurrent,
    ended: (session: StoredSession, call: Running, how: CallEnd): void => untilClosed(end(session, call, how)),

    /** A call that nobody holds any more, and whose caller is gone as well. */
    leftBehind: async (left: LeftBehind): Promise<void> => {
      const { scope, session } = left
      const { session_id, room, started_at } = session
      const ended = endLeftBehind(left)
      publish(scope, session_id, [ended])
      await feed.flush()
      feed.forget(session_id)
      giveBack(scope, session_id, started_at, ended.at)
      if (room) onLost({ scope, session_id, room })
    },

    /** Resolves when nothing of calls that have ended is left to do. */
    settled: async (): Promise<void> => void (await Promise.all(leaving)),
  }
}
