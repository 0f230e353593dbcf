import type { ConnectionId } from '../../core/contract/connections.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { RoomJoin, SessionRoom } from '../../core/contract/room-join.ts'
import type { RoomSpec } from '../../core/contract/runtime.ts'
import type { CallerDetails } from '../../core/contract/sessions.ts'
import type { TenantScope } from '../../core/store/scope.ts'

/** The agent's place in a room, for as long as one session runs there. */
export type RoomSeat = Readonly<{
  room: SessionRoom
  /** How the worker calls its connection. */
  key: ConnectionId
  /** Of the agent. */
  identity: string
  /** Where and as whom it joins. The first time of a dispatched call it waits for the server's job; rejects when nobody gets it. */
  join: (caller_identity: string | undefined) => Promise<RoomSpec>
  /** For a join anew; undefined: the call may not go on there. */
  token: () => Promise<string | undefined>
  /** The call is over: nothing of it is left there a moment later. Never rejects, and does not wait long for a server that is away. */
  leave: (end: SeatEnd) => Promise<void>
}>

export type SeatEnd = Readonly<{
  reason: string
  /** Why it could not go on, in plain words. */
  failure?: string | undefined
}>

export type RoomOf = Readonly<{ session_id: SessionId; room: SessionRoom }>
export type WantedRoom = Readonly<{ session_id: SessionId; connection_id: ConnectionId; agent_name: string }>

/** Places in rooms, as calls need them. */
export type RoomSeats = Readonly<{
  /** A room of its own for a call of the studio, with the agent asked for at once; rejects when the connection cannot be used. */
  open: (scope: TenantScope, wanted: WantedRoom) => Promise<RoomSeat>
  /** Whether a tenant may go on in the room that its call names: on a server that tenants share, not in another one's. */
  mayReopen: (scope: TenantScope, of: RoomOf) => Promise<boolean>
  /** For a call that goes on in its room: nobody is dispatched. Rejects with `forbidden` where it may not. */
  reopen: (scope: TenantScope, of: RoomOf, agent_name: string) => Promise<RoomSeat>
  /** For the one who calls. */
  callerJoin: (scope: TenantScope, of: RoomOf, as: CallerDetails | undefined) => Promise<RoomJoin>
  /** How the worker calls a connection. */
  key: (scope: TenantScope, connection_id: ConnectionId) => ConnectionId
  /** Whether the person whom the agent listens to is there now; false when there is no such room. */
  callerIsThere: (scope: TenantScope, of: RoomOf) => Promise<boolean>
}>
