import type { ConnectionId } from '../../core/contract/connections.ts'
import type { AgentId, SessionId } from '../../core/contract/ids.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { SessionSummary } from '../../core/contract/sessions.ts'
import type { RouteDecision } from '../../core/routing/decision.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RoomSeat } from './room-seat.ts'

/** A client of a server asked for an agent, and this one was chosen. */
export type ChosenCall = Readonly<{
  session_id: SessionId
  agent_id: AgentId
  decision: RouteDecision
  seat: RoomSeat
  /** The API key with which the caller's token was made. */
  key_id?: string | undefined
  caller_identity?: string | undefined
}>

/** A call that nobody answers. */
export type RefusedCall = Readonly<{ session_id: SessionId; room: SessionRoom; decision: RouteDecision }>

/** How a running call stands, for whoever has to judge what a server says of it. */
export type RoomCallState = Readonly<{ scope: TenantScope; room: SessionRoom; attempt: number; agent_identity: string }>

/** The calls of this host as those who fill rooms need them. */
export type RoomCalls = Readonly<{
  /** All calls that go on, direct ones as well. */
  count: () => number
  /** The one that goes on in this room of the connection that the worker calls so. */
  inRoom: (key: ConnectionId, room_name: string) => SessionId | undefined
  state: (session_id: SessionId) => RoomCallState | undefined
  /** Resolves when the agent is there; what went wrong stands in the journal, and the seat is left. */
  answer: (scope: TenantScope, call: ChosenCall) => Promise<void>
  /** Nobody answers: kept with the words why. */
  refuse: (scope: TenantScope, call: RefusedCall) => Promise<void>
  /** The call that lost its connection in this room, while it can still go on. */
  findLost: (scope: TenantScope, connection_id: ConnectionId, room_name: string) => Promise<SessionSummary | undefined>
  /** Goes on with a call that has ended: from its journal, in this seat or one of its own. */
  resume: (scope: TenantScope, session_id: SessionId, seat?: RoomSeat) => Promise<void>
  end: (session_id: SessionId, reason: string) => Promise<void>
}>
