/**
 * Calls whose host has died are taken over by another one. Two hosts never answer the same caller: the attempt is taken by compare and swap,
 * and the agent has one identity in its room, so that a successor puts out whoever was there. What must not happen is that healthy calls are
 * taken from hosts that merely could not reach the store, when that comes back: so whoever takes has itself reached it for a while, in
 * which every living host has renewed its leases.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { CallStore, StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeats } from '../livekit/room-seat.ts'
import type { LeftBehind } from './recover-calls.ts'

const LOOK_MS = 500
/** A living host renews its leases long before: what is known of such a call by the time its lease runs out needs not be asked then. */
const AHEAD_MS = 1500
/** Longer than a lease. */
const STEADY_MS = 5000
/** Whose caller is not there by then has ended: a server that is away for a moment says that nobody is. */
const END_AFTER_MS = 30_000
const MOST = 20

export type TakeOverDeps = Readonly<{
  calls: Pick<CallStore, 'listExpired' | 'find'>
  log: Logger
  callerIsThere: RoomSeats['callerIsThere']
  /** How many more calls this host may have. */
  room: () => number
  isHere: (session_id: SessionId) => boolean
  /** Whether this host answers with this agent. */
  serves: (scope: TenantScope, agent_id: string) => Promise<boolean>
  takeOver: (scope: TenantScope, session: StoredSession, room: SessionRoom) => Promise<void>
  end: (left: LeftBehind) => Promise<void>
}>

export function createTakeOvers({ calls, log, callerIsThere, room, isHere, serves, takeOver, end }: TakeOverDeps) {
  const judging = new Set<SessionId>()
  let timer: NodeJS.Timeout | undefined
  let steady_since: number | undefined
  let looked_at = performance.now()

  async function judge(left: LeftBehind): Promise<void> {
    const { scope, session } = left
    const { session_id, agent_id, room: place } = session
    const expires_at = session.lease?.lease_until ?? session.started_at
    const [isThere, isOurs] = await Promise.all([
      place !== undefined && callerIsThere(scope, { session_id, room: place }),
      serves(scope, agent_id),
    ])
    await wait(Math.max(0, expires_at + 1 - Date.now()), undefined, { ref: false })
    const now = await calls.find(scope, session_id)
    if (!now || now.state === 'ended' || now.attempt !== session.attempt || isHeld(now)) return
    if (place && isThere && isOurs && room() > 0) return takeOver(scope, now, place)
    if (!isThere && Date.now() - expires_at >= END_AFTER_MS) await end(left)
  }

  async function look(): Promise<void> {
    // Whoever slept for a while finds the leases of everybody who slept with it run out.
    if (performance.now() - looked_at > STEADY_MS) steady_since = undefined
    looked_at = performance.now()
    const expired = await calls.listExpired(Date.now() + AHEAD_MS, MOST)
    steady_since ??= performance.now()
    if (performance.now() - steady_since < STEADY_MS || room() <= 0) return
    for (const left of expired) {
      const { session_id } = left.session
      if (judging.has(session_id) || isHere(session_id)) continue
      judging.add(session_id)
      judge(left)
        .catch((error: unknown) => log.info({ session_id, error }, 'a call of another host was not taken over'))
        .finally(() => judging.delete(session_id))
    }
  }

  function tick(): void {
    timer = setTimeout(
      () => {
        look()
          .catch((error: unknown) => {
            steady_since = undefined
            log.warn({ error }, 'calls of other hosts could not be looked for')
          })
          .finally(() => timer && tick())
      },
      // Hosts that started together do not ask together.
      LOOK_MS * (0.8 + Math.random() * 0.4),
    ).unref()
  }

  return {
    begin: tick,
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

const isHeld = ({ lease }: StoredSession): boolean => lease !== undefined && lease.lease_until >= Date.now()
