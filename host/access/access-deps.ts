import type { LimitStore } from '../../core/store/limits.ts'
import type { Store } from '../../core/store/store.ts'

export type AccessDeps = Readonly<{
  store: Pick<Store, 'directory' | 'agents' | 'audit' | 'feed' | 'commit'>
  limits: Pick<LimitStore, 'usage'>
  /** Milliseconds since the epoch. */
  clock: () => number
}>
