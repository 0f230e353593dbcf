import type { JournalBody } from '../contract/session-events.ts'

type Told = Extract<JournalBody, { type: 'participant' }>
export type ParticipantView = Readonly<Omit<Told, 'type' | 'change'>>

/** The room as the agent sees it. */
export type RoomView = Readonly<{
  room_name: string
  /** Of the agent. */
  identity: string
  connection: 'connected' | 'reconnecting' | 'lost'
  /** Who is there, without the agent. */
  participants: readonly ParticipantView[]
}>

type RoomEvent = Extract<JournalBody, { type: 'room.joined' | 'room.connection' | 'participant' }>

export function applyRoomEvent(room: RoomView | undefined, event: RoomEvent): RoomView | undefined {
  switch (event.type) {
    case 'room.joined':
      return { room_name: event.room_name, identity: event.identity, connection: 'connected', participants: [] }
    case 'room.connection':
      return room && { ...room, connection: event.state === 'reconnected' ? 'connected' : event.state }
    case 'participant': {
      if (!room) return room
      const { type: _type, change, ...participant } = event
      const others = room.participants.filter(({ identity }) => identity !== event.identity)
      return { ...room, participants: change === 'left' ? others : [...others, participant] }
    }
  }
}
