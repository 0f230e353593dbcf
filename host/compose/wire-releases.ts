import type { Stores } from '../../core/store/stores.ts'
import { releaseHandlers } from '../releases/release-handlers.ts'
import { watchReleases } from '../releases/watch-releases.ts'
import type { Base } from './base.ts'

/** Rollouts, and the eye that stops them when their calls go wrong. */
export function wireReleases({ store, emit, clock, log, own, onEvent, closing }: Base, { calls }: Pick<Stores, 'calls'>) {
  const deps = { store, calls, emit, clock, log, own }
  const watch = watchReleases(deps)
  onEvent(watch.onStudioEvent)
  closing.add(watch.close)
  return releaseHandlers(deps)
}
