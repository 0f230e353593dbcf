import canonicalize from 'canonicalize'
import { StudioError } from '../../../core/contract/errors.ts'
import type { RouteWeights } from '../../../core/contract/routing.ts'

/** Throws `conflict` when the weights are no longer those that a change was made on. */
export function requireWeights(present: RouteWeights | undefined, based_on: RouteWeights): void {
  if (present && canonicalize(present) === canonicalize(based_on)) return
  throw new StudioError('conflict', 'The A/B weights were changed elsewhere.', 'Look at them again, then decide.')
}
