import { ConnectionQuality, ParticipantKind, type LocalParticipant, type RemoteParticipant, type Room } from 'livekit-client'
import { sortPeople, type Quality, type RoomPerson } from './room-state.ts'

export const qualityOf = (quality: ConnectionQuality): Quality => {
  switch (quality) {
    case ConnectionQuality.Excellent:
      return 'excellent'
    case ConnectionQuality.Good:
      return 'good'
    case ConnectionQuality.Poor:
      return 'poor'
    case ConnectionQuality.Lost:
      return 'lost'
    case ConnectionQuality.Unknown:
      return 'unknown'
  }
}

const kindOf = (kind: ParticipantKind): RoomPerson['kind'] => {
  switch (kind) {
    case ParticipantKind.STANDARD:
      return 'standard'
    case ParticipantKind.SIP:
      return 'sip'
    case ParticipantKind.AGENT:
      return 'agent'
    default:
      return 'other'
  }
}

const personOf = (participant: LocalParticipant | RemoteParticipant, here: boolean): RoomPerson => ({
  identity: participant.identity,
  name: participant.name === undefined || participant.name === '' ? participant.identity : participant.name,
  kind: kindOf(participant.kind),
  here,
  speaking: participant.isSpeaking,
  audible: participant.isMicrophoneEnabled,
  quality: qualityOf(participant.connectionQuality),
  attributes: participant.attributes,
  metadata: participant.metadata ?? '',
})

/** Who is in the room as this window sees it; an observer does not count itself. */
export const peopleOf = (room: Room, as: 'caller' | 'observer'): readonly RoomPerson[] =>
  sortPeople([
    ...(as === 'caller' && room.localParticipant.identity !== '' ? [personOf(room.localParticipant, true)] : []),
    ...[...room.remoteParticipants.values()].map((participant) => personOf(participant, false)),
  ])
