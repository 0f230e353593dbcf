import type { Store } from '../../core/store/store.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { Emit } from '../handler.ts'

export type ReleaseDeps = Readonly<{
  store: Pick<Store, 'agents' | 'versions' | 'releases' | 'routing' | 'commit'>
  calls: Pick<CallStore, 'armStats'>
  emit: Emit
  /** Milliseconds since the epoch. */
  clock: () => number
}>
