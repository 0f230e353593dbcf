import type { ConnectionId } from '../../core/contract/connections.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** A connection with its keys, as only the host and the worker ever have it. Never logged, never sent to the page. */
export type LiveConnection = Readonly<{
  connection_id: ConnectionId
  /** As the worker of this host calls it: tenants of a server may call different connections alike. */
  key: ConnectionId
  name: string
  /** ws:// or wss://, without a slash at its end. */
  url: string
  api_key: string
  api_secret: string
  /** Agents that ask for it answer here under their own names. */
  serve: boolean
  /** Every new room gets an agent. */
  automatic: boolean
}>

/** The connections as other features use them. */
export type ConnectionBook = Readonly<{
  /** Rejects with `not_found`, or `unavailable` in plain words (no key, server not running). Starts the local server when that is meant and found. */
  resolve: (scope: TenantScope, connection_id: ConnectionId) => Promise<LiveConnection>
  /** Those that can be used now, without starting anything. */
  usable: (scope: TenantScope) => Promise<readonly LiveConnection[]>
  /** How the worker calls it. */
  key: (scope: TenantScope, connection_id: ConnectionId) => ConnectionId
  /** Something changed: a connection, a key, the local server. */
  onChange: (listener: () => void) => () => void
}>
