import { StudioError } from '../../../core/contract/errors.ts'
import { DEFAULT_TENANT } from '../../../core/contract/caller.ts'
import type { StoreHealth } from '../../../core/store/stores.ts'
import { healthMethod } from './call-methods.ts'
import { directoryMethods } from './studio-methods.ts'
import type { StoreLink } from './store-link.ts'

const SLOW_MS = 1000

/** How the other Greenroom does, and its own store. */
export function remoteHealth(link: StoreLink, address: string, clock: () => number, own: readonly string[]) {
  let last: Pick<StoreHealth, 'state' | 'since' | 'reason'> = { state: 'ok', since: clock() }

  async function look(): Promise<Readonly<{ state: StoreHealth['state']; reason?: string; notes: readonly string[] }>> {
    const asked = performance.now()
    const theirs = await link.call(healthMethod, undefined, [])
    const took_ms = Math.round(performance.now() - asked)
    const notes = [...own, ...theirs.notes]
    const reason = theirs.reason !== undefined && { reason: `Its own store (${theirs.kind}): ${theirs.reason}` }
    if (theirs.state !== 'ok') return { state: theirs.state, ...reason, notes }
    return took_ms < SLOW_MS ? { state: 'ok', notes } : { state: 'slow', reason: `It took ${took_ms} ms to answer.`, notes }
  }
  return {
    /** Throws what keeps this host from using it. */
    require: async (): Promise<void> => {
      await link.call(healthMethod, undefined, [])
      await link.call(directoryMethods.tenant, undefined, [DEFAULT_TENANT])
    },
    ask: async (): Promise<StoreHealth> => {
      const now = await look().catch((cause: unknown) => {
        if (!(cause instanceof StudioError)) throw cause
        return { state: 'down' as const, reason: cause.message, notes: own }
      })
      const { notes, ...told } = now
      if (told.state !== last.state) last = { ...told, since: clock() }
      return { kind: 'greenroom', address, ...last, notes }
    },
  }
}
