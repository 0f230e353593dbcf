import type { CallStore } from './calls.ts'
import type { LimitStore } from './limits.ts'
import type { SessionCommands } from './session-commands.ts'
import type { Store } from './store.ts'

/** How a store does, for `/readyz` and the screens. */
export type StoreHealth = Readonly<{
  kind: 'sqlite' | 'postgres' | 'mongodb' | 'greenroom'
  /** Address without user and password. */
  address: string
  state: 'ok' | 'slow' | 'down'
  /** Since when (ms), and why, in plain words. */
  since: number
  reason?: string
  /** What this store cannot do, e.g. a MongoDB without a replica set: changes are polled. */
  notes: readonly string[]
}>

/** Everything that is kept, wherever it is kept. */
export type Stores = Readonly<{
  store: Store
  calls: CallStore
  limits: LimitStore
  commands: SessionCommands
  health: () => Promise<StoreHealth>
  close: () => Promise<void>
}>
