import {
  AudioStream,
  RoomEvent,
  TrackKind,
  TrackSource,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  type TrackPublication,
} from '@livekit/rtc-node'
import { UP_FRAME_SAMPLES, UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import type { Microphone } from '../microphone.ts'

/** Hears the caller's microphone and nobody else's: other tracks are never subscribed. */
export type RoomEar = Readonly<{
  watch: (room: Room) => void
  listenTo: (caller: RemoteParticipant) => void
  /** Of the caller's microphone. */
  track: () => string | undefined
}>

export function createRoomEar(microphone: Microphone, onMuted: (muted: boolean) => void): RoomEar {
  let caller: RemoteParticipant | undefined
  let heard: RemoteTrackPublication | undefined

  const mute = (muted: boolean) => {
    microphone.mute(muted)
    onMuted(muted)
  }
  const subscribe = (publication: RemoteTrackPublication) => {
    if (!isMicrophone(publication) || heard === publication) return
    heard?.setSubscribed(false)
    heard = publication
    publication.setSubscribed(true)
    if (publication.muted !== undefined) microphone.mute(publication.muted)
  }
  const hear = async (track: RemoteTrack, publication: RemoteTrackPublication) => {
    const options = { sampleRate: UP_SAMPLE_RATE, numChannels: 1, frameSizeMs: (UP_FRAME_SAMPLES * 1000) / UP_SAMPLE_RATE }
    for await (const { data } of new AudioStream(track, options)) {
      if (heard !== publication) return
      microphone.hear(data)
    }
  }
  const isMine = (publication: TrackPublication) => publication === heard

  return {
    watch(room) {
      room.on(RoomEvent.TrackPublished, (publication, participant) => {
        if (participant === caller) subscribe(publication)
      })
      room.on(RoomEvent.TrackSubscribed, (track, publication) => {
        if (isMine(publication)) hear(track, publication).catch(() => undefined)
      })
      room.on(RoomEvent.TrackUnsubscribed, (_track, publication) => (isMine(publication) ? microphone.silence() : undefined))
      room.on(RoomEvent.TrackMuted, (publication) => (isMine(publication) ? mute(true) : undefined))
      room.on(RoomEvent.TrackUnmuted, (publication) => (isMine(publication) ? mute(false) : undefined))
    },
    listenTo(next) {
      if (caller !== next) {
        // Of somebody who came back there is nothing left to unsubscribe.
        if (caller?.identity !== next.identity) heard?.setSubscribed(false)
        heard = undefined
        microphone.silence()
        microphone.mute(false)
      }
      caller = next
      for (const publication of next.trackPublications.values()) subscribe(publication)
    },
    track: () => heard?.sid,
  }
}

/** Telephones and some clients do not say what they send. */
const isMicrophone = ({ kind, source }: TrackPublication) =>
  kind === TrackKind.KIND_AUDIO && source !== TrackSource.SOURCE_SCREENSHARE_AUDIO
