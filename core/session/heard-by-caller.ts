import type { TurnTimes } from '../contract/session-events.ts'

/**
 * A frontend that does not say when it hears the agent: the moment at which the first sample left is taken for t6, and the network and the
 * jitter buffer of the other side come on top. In measured room calls that was 80 to 200 ms.
 */
export const UNTOLD_MS = 200

/** Whether t6 is when the caller heard the agent; otherwise it is only when the first sound left, or not known at all. */
export const isHeardByCaller = ({ t6, t6_uncertainty_ms }: TurnTimes): boolean =>
  t6 !== undefined && t6_uncertainty_ms !== UNTOLD_MS
