import type { TenantId } from '../../core/contract/ids.ts'

/** The host as a server: many tenants, reached by the production API, and workers that share a store. */
export type ServerMode = Readonly<{
  /** Address of the shared store; absent: SQLite in the data folder, for this host alone. */
  store_url?: string | undefined
  /** Takes jobs of LiveKit servers. */
  worker: boolean
  /** Whose jobs those are that bring no claim of a tenant. */
  unclaimed: TenantId
  /** Every new room of the LiveKit server that the environment names gets an agent. */
  automatic: boolean
  /** A call without a turn for so long has ended, ms. */
  idle_ms: number
}>
