/** How long one that failed is passed over, when it did not say itself when to come back. */
const PASSED_OVER_MS = 30_000
/** Nobody is passed over for the rest of a long call because of one limit. */
const LONGEST_MS = 300_000

/** Remembers who failed a moment ago, so that not every turn pays for it again. */
export type Circuit = Readonly<{
  failed: (who: object, reason: string, retry_after_ms?: number) => void
  worked: (who: object) => void
  /** Why this one is passed over; nothing when it is to be asked. */
  failure: (who: object) => string | undefined
}>

export function createCircuit(clock: () => number = () => performance.now()): Circuit {
  const failures = new Map<object, Readonly<{ until: number; reason: string }>>()
  return {
    failed: (who, reason, retry_after_ms = PASSED_OVER_MS) =>
      void failures.set(who, { until: clock() + Math.min(retry_after_ms, LONGEST_MS), reason }),
    worked: (who) => void failures.delete(who),
    failure: (who) => {
      const failure = failures.get(who)
      return failure && clock() < failure.until ? failure.reason : undefined
    },
  }
}
