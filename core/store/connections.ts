import type { ConnectionId } from '../contract/connections.ts'
import type { TenantScope } from './scope.ts'

/** A connection as it is kept: keys by reference. Of `local` and `environment` only the two switches are. */
export type StoredConnection = Readonly<{
  connection_id: ConnectionId
  name: string
  url?: string
  api_key?: string
  api_secret?: string
  serve: boolean
  automatic: boolean
}>

export type ConnectionReads = Readonly<{
  /** By name. */
  list: (scope: TenantScope) => Promise<readonly StoredConnection[]>
}>

export type ConnectionChange =
  /** In place of the one with this id. */
  | Readonly<{ kind: 'connection.save'; connection: StoredConnection }>
  | Readonly<{ kind: 'connection.delete'; connection_id: ConnectionId }>
