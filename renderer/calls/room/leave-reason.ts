import { DisconnectReason } from 'livekit-client'

/** What a lost room means: somebody else is us now, it is over, or we come back by ourselves. */
export type Leave = Readonly<{ then: 'replaced' | 'left' | 'rejoin'; words: string }>

export function leaveOf(reason: DisconnectReason | undefined): Leave {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return { then: 'left', words: '' }
    case DisconnectReason.DUPLICATE_IDENTITY:
      return { then: 'replaced', words: 'Somebody joined as the same caller.' }
    case DisconnectReason.PARTICIPANT_REMOVED:
      return { then: 'left', words: 'The server removed this caller from the room.' }
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return { then: 'left', words: 'The room was closed.' }
    case DisconnectReason.SERVER_SHUTDOWN:
      return { then: 'rejoin', words: 'The LiveKit server is shutting down.' }
    default:
      return { then: 'rejoin', words: 'The connection to the LiveKit server was lost.' }
  }
}
