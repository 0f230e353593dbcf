import * as z from 'zod'
import { ConnectionId } from './connections.ts'

/** Where a room call takes place. */
export const SessionRoom = z.object({
  connection_id: ConnectionId,
  room_name: z.string(),
  /** Who is listened to, once that is known. */
  caller_identity: z.string().optional(),
  /** `studio`: begun here. `dispatch`: a client of the server asked for an agent. */
  origin: z.enum(['studio', 'dispatch']),
})
export type SessionRoom = Readonly<z.infer<typeof SessionRoom>>

/** What livekit-client needs to join. */
export const RoomJoin = z.object({
  connection_id: ConnectionId,
  room_name: z.string(),
  identity: z.string(),
  /** Short-lived, with the least grants for its purpose. */
  token: z.string(),
  /** Path on this origin that the signalling goes through: `/livekit/<connection_id>`. */
  signal_path: z.string(),
})
export type RoomJoin = Readonly<z.infer<typeof RoomJoin>>
