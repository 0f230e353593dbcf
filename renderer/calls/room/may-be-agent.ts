import type { Room } from 'livekit-client'

/**
 * Whoever is in a room can send what agents send, such as a guest who has the link: from people it is not taken. One who is not announced
 * yet, which takes up to three seconds without a track, is believed.
 */
export const mayBeAgent = (
  room: Readonly<{ remoteParticipants: Pick<Room['remoteParticipants'], 'get'> }>,
  identity: string,
): boolean => room.remoteParticipants.get(identity)?.isAgent ?? true
