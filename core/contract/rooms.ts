import * as z from 'zod'
import { ConnectionId } from './connections.ts'
import { SessionId } from './ids.ts'
import { operation } from './operation.ts'
import { RoomJoin } from './room-join.ts'
import { CallerDetails } from './sessions.ts'

/** A room of a server as one who may watch it sees it. */
export const RoomSummary = z.object({
  room_name: z.string(),
  created_at: z.int(),
  participants: z.array(
    z.object({ identity: z.string(), name: z.string(), kind: z.enum(['standard', 'sip', 'agent', 'other']) }),
  ),
  /** The call of this studio that goes on there. */
  session_id: SessionId.optional(),
})
export type RoomSummary = Readonly<z.infer<typeof RoomSummary>>

/** A way in for another device: a join-only page on an HTTPS listener of its own, only while it is open. */
export const Invite = z.object({
  url: z.string(),
  /** The same as an SVG picture of a QR code. */
  qr_svg: z.string(),
  expires_at: z.int(),
  /** SHA-256 of the listener's certificate, as browsers show it. */
  fingerprint: z.string(),
  /** Why another device may not get through, e.g. a server that listens on loopback alone. */
  warning: z.string().optional(),
})
export type Invite = Readonly<z.infer<typeof Invite>>

const one = z.object({ session_id: SessionId })

export const roomOperations = {
  'room.join': operation({
    kind: 'command',
    role: 'developer',
    summary: 'A token for the running room call: as its caller again, as a guest, or as a hidden observer that nobody notices',
    input: one.extend({ as: z.enum(['caller', 'guest', 'observer']) }),
    output: RoomJoin,
  }),
  'room.list': operation({
    kind: 'query',
    role: 'developer',
    summary: 'Rooms of a connection, and who is in them',
    input: z.object({ connection_id: ConnectionId }),
    output: z.object({ rooms: z.array(RoomSummary) }),
  }),
  'room.watch': operation({
    kind: 'command',
    role: 'developer',
    audit: 'session',
    summary: 'A hidden observer for any room of a connection',
    input: z.object({ connection_id: ConnectionId, room_name: z.string().min(1).max(512) }),
    output: RoomJoin,
  }),
  'room.set_caller': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: "Change the caller's name, metadata, attributes or user details during a call",
    input: one.extend({ identity: z.string().optional(), details: CallerDetails }),
    output: z.object({}),
  }),
  'room.listen_to': operation({
    kind: 'command',
    role: 'developer',
    idempotent: true,
    summary: 'Let the agent listen to another participant',
    input: one.extend({ identity: z.string().min(1) }),
    output: z.object({}),
  }),
  'room.invite': operation({
    kind: 'command',
    role: 'admin',
    audit: 'session',
    summary: 'Open the join-only page for another device, with a short-lived token',
    input: one.extend({ minutes: z.int().min(1).max(60).default(10) }),
    output: Invite,
  }),
  'room.close_invite': operation({
    kind: 'command',
    role: 'admin',
    idempotent: true,
    summary: 'Close the join-only page',
    input: one,
    output: z.object({}),
  }),
} as const
