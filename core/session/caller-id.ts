import type { CallInput } from '../store/calls.ts'

/** Nobody limits what a client calls its user, and an index does. */
const LONGEST = 500

/** Who calls, as the client or the studio said it; undefined: nobody said. */
export function callerIdOf({ user_id, as, variables }: CallInput): string | undefined {
  const named = variables['user_id']
  return (user_id ?? as?.user_id ?? (typeof named === 'string' ? named : undefined))?.slice(0, LONGEST)
}
