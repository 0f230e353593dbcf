import { StudioError } from '../../core/contract/errors.ts'

/**
 * Writes of a while, by their keys: one that is asked again because its answer was lost answers the same. For what may happen twice without
 * harm, such as leases and claims: another instance does not know of it, and does it again. Commits are kept by the store itself.
 */
export type KeptReplies = Readonly<{ once: (key: string, write: () => Promise<unknown>) => Promise<unknown> }>

const KEPT_MS = 120_000
const MOST = 20_000

export function createKeptReplies(clock: () => number): KeptReplies {
  const kept = new Map<string, Readonly<{ until: number; reply: Promise<unknown> }>>()

  function forgetOld(): void {
    for (const [key, { until }] of kept) {
      if (until > clock() && kept.size < MOST) return
      kept.delete(key)
    }
  }
  return {
    once: (key, write) => {
      const known = kept.get(key)
      if (known) return known.reply
      forgetOld()
      const reply = write()
      kept.set(key, { until: clock() + KEPT_MS, reply })
      // What did not happen may be tried again under the same key.
      reply.catch((cause: unknown) => {
        if (cause instanceof StudioError && cause.code === 'unavailable') kept.delete(key)
      })
      return reply
    },
  }
}
