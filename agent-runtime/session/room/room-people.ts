import {
  DisconnectReason,
  ParticipantKind,
  RoomEvent,
  type Participant,
  type RemoteParticipant,
  type Room,
} from '@livekit/rtc-node'
import type { JournalBody } from '../../../core/contract/session-events.ts'
import { AWAY_MS } from './room-link.ts'

/**
 * A server gives up somebody whose connection is lost after twenty seconds and says so then (measured: 21 s); who needs a moment longer to be
 * back is still the same caller.
 */
const GIVEN_UP_MS = 2000
/** After a cut of the agent's own, others are on their way back for as long as anybody. */
const CUT_MS = 60_000
/** How long the first person may take to come. */
const FIRST_MS = 60_000
/**
 * Everybody in a room may come, go and write up to 128 KB about themselves as often as they like, and each time is journaled: so often with
 * everything, then so often by name alone, then not at all.
 */
const TOLD_WHOLE = 200
const TOLD_AT_ALL = 2000

type Told = Extract<JournalBody, { type: 'participant' }>
export type PeopleListener = Readonly<{
  journal: (event: Told) => void
  /** The agent listens to this one from now on; also when that one comes back. */
  onCaller: (caller: RemoteParticipant) => void
  /** The caller's connection is lost; it is waited for. */
  onAway: () => void
  onLost: (reason: 'caller_left' | 'room_closed' | 'connection_lost') => void
}>

/** Who is in the room, and which of them is the caller: the one that was named, or the first person. */
export type RoomPeople = Readonly<{
  watch: (room: Room) => void
  /** The agent is in (again): who is there, and is the caller among them? */
  look: (room: Room) => void
  /** The agent itself is cut off: what it sees of others says nothing about them. */
  blind: () => void
  listenTo: (identity: string) => void
  caller: () => RemoteParticipant | undefined
  /** Also of a caller who is not announced yet: what somebody sends comes before news of them, up to 3 s for one without a track. */
  callerIdentity: () => string | undefined
  /** The caller was there, is not, and is waited for. */
  isAway: () => boolean
  close: () => void
}>

export function createRoomPeople(named: string | undefined, listener: PeopleListener): RoomPeople {
  let wanted = named
  let present: Room | undefined
  let seeing = true
  let here = false
  /** LiveKit makes a new object of somebody who comes back. */
  let linked: RemoteParticipant | undefined
  let patience: NodeJS.Timeout | undefined
  let cutAt = -Infinity

  const caller = () => (wanted === undefined ? undefined : present?.remoteParticipants.get(wanted))
  const isCaller = ({ identity }: Participant) => identity === wanted
  let told = 0
  const tell = (change: Told['change'], participant: Participant) => {
    if (++told > TOLD_AT_ALL) return
    const about = told > TOLD_WHOLE ? namely(participant) : described(participant)
    listener.journal({ type: 'participant', change, ...about, caller: isCaller(participant) })
  }
  const waitAtMost = (ms: number) => {
    clearTimeout(patience)
    patience = setTimeout(() => listener.onLost('connection_lost'), ms)
  }
  const away = (ms = AWAY_MS) => {
    if (!here) return
    here = false
    listener.onAway()
    waitAtMost(ms)
  }
  const welcome = (participant: RemoteParticipant) => {
    if ((here && linked === participant) || !isPerson(participant)) return
    if (wanted !== undefined && !isCaller(participant)) return
    here = true
    linked = participant
    wanted = participant.identity
    clearTimeout(patience)
    listener.onCaller(participant)
  }
  /** Nobody was named: the first person is the caller. */
  const meet = (participant: RemoteParticipant) => {
    if (isPerson(participant)) wanted ??= participant.identity
    tell('joined', participant)
  }
  const left = (participant: RemoteParticipant) => {
    tell('left', participant)
    if (!seeing || !isCaller(participant) || !here) return
    const reason = participant.disconnectReason ?? DisconnectReason.UNKNOWN_REASON
    if (reason === DisconnectReason.ROOM_DELETED) return listener.onLost('room_closed')
    if (BY_WILL.has(reason)) return listener.onLost('caller_left')
    const isCut = performance.now() - cutAt < CUT_MS
    away(reason === DisconnectReason.CONNECTION_TIMEOUT && !isCut ? GIVEN_UP_MS : AWAY_MS)
  }
  const changed = (participant: Participant) => {
    if (participant !== present?.localParticipant) tell('changed', participant)
  }
  return {
    watch(room) {
      room.on(RoomEvent.ParticipantConnected, (participant) => {
        if (present !== room) return
        meet(participant)
        welcome(participant)
      })
      room.on(RoomEvent.ParticipantDisconnected, (participant) => (present === room ? left(participant) : undefined))
      room.on(RoomEvent.ParticipantMetadataChanged, (_metadata, participant) => changed(participant))
      room.on(RoomEvent.ParticipantNameChanged, (_name, participant) => changed(participant))
      room.on(RoomEvent.ParticipantAttributesChanged, (_changed, participant) => changed(participant))
    },
    look(room) {
      seeing = true
      const anew = present !== room
      present = room
      const people = [...room.remoteParticipants.values()]
      if (anew) people.forEach(meet)
      if (here && !caller()) away()
      for (const participant of people) welcome(participant)
      if (!here && patience === undefined) waitAtMost(FIRST_MS)
    },
    blind() {
      seeing = false
      cutAt = performance.now()
    },
    listenTo(identity) {
      const [before, after] = [caller(), present?.remoteParticipants.get(identity)]
      // Somebody who is not there is waited for when nobody is.
      if (!after && here) return
      wanted = identity
      if (before && before !== after) tell('changed', before)
      if (!after || before === after) return
      tell('changed', after)
      here = false
      welcome(after)
    },
    caller,
    callerIdentity: () => wanted,
    isAway: () => linked !== undefined && !here,
    close() {
      present = undefined
      clearTimeout(patience)
    },
  }
}

/** What LiveKit's own agents take for the end of a call; and whoever was sent out by the room's owner. */
const BY_WILL = new Set([DisconnectReason.CLIENT_INITIATED, DisconnectReason.USER_REJECTED, DisconnectReason.PARTICIPANT_REMOVED])

/** Never an agent or a recorder; hidden participants are not even told of. An avatar speaks for an agent. */
const PEOPLE = new Set([ParticipantKind.STANDARD, ParticipantKind.SIP, ParticipantKind.CONNECTOR])
const isPerson = ({ kind, attributes }: Participant) => PEOPLE.has(kind) && attributes['lk.publish_on_behalf'] === undefined

const namely = ({ identity, name, kind }: Participant) => ({
  identity,
  ...(name !== undefined && name !== '' && { name }),
  kind: KINDS.get(kind) ?? ('other' as const),
})
const described = (participant: Participant) => ({ ...namely(participant), ...saidOf(participant) })
const saidOf = ({ attributes, metadata }: Participant) => ({
  ...(Object.keys(attributes).length > 0 && { attributes }),
  ...(metadata !== '' && { metadata }),
})
const KINDS = new Map<ParticipantKind, 'standard' | 'sip' | 'agent'>([
  [ParticipantKind.STANDARD, 'standard'],
  [ParticipantKind.SIP, 'sip'],
  [ParticipantKind.AGENT, 'agent'],
])
