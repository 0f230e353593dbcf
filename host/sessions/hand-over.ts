import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'

/** Others look for such calls twice a second, and ask the LiveKit server before they take one. */
const TAKEN_MS = 5000
const LOOK_MS = 250

export type HandOverDeps = Readonly<{
  leases: Readonly<{ letGo: (since: number) => Promise<void>; holdAgain: () => Promise<void> }>
  /** Calls in rooms that go on here. */
  count: () => number
  log: Logger
}>

/**
 * Calls in rooms that outlast their host go on at another one: their leases are let go, whoever takes one puts out the agent of this host,
 * and what nobody has taken in time is held again, to be ended here. Resolves then.
 */
export async function handOver({ leases, count, log }: HandOverDeps): Promise<void> {
  const all = count()
  if (all === 0) return
  const since = Date.now()
  try {
    for (const until = performance.now() + TAKEN_MS; count() > 0 && performance.now() < until; await wait(LOOK_MS))
      await leases.letGo(since)
    await leases.holdAgain()
  } catch (error) {
    log.warn({ error }, 'calls could not be handed over')
  }
  log.info({ calls: all, left: count() }, 'calls were handed over to other hosts')
}
