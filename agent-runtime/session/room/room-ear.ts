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
  close: () => void
}>

export function createRoomEar(microphone: Microphone, onMuted: (muted: boolean) => void): RoomEar {
  let caller: RemoteParticipant | undefined
  let heard: RemoteTrackPublication | undefined
  /** Ends the frames of the track that is heard now: its end is not told by a room that was closed, and a muted one goes on in silence. */
  let stop = () => {}

  const mute = (muted: boolean) => {
    microphone.mute(muted)
    if (muted) stop()
    else if (heard?.track) hear(heard.track)
    onMuted(muted)
  }
  const subscribe = (publication: RemoteTrackPublication) => {
    if (!isMicrophone(publication) || heard === publication) return
    heard?.setSubscribed(false)
    stop()
    heard = publication
    publication.setSubscribed(true)
    if (publication.muted !== undefined) microphone.mute(publication.muted)
  }
  const hear = (track: RemoteTrack) => {
    stop()
    const options = { sampleRate: UP_SAMPLE_RATE, numChannels: 1, frameSizeMs: (UP_FRAME_SAMPLES * 1000) / UP_SAMPLE_RATE }
    const frames = new AudioStream(track, options).getReader()
    stop = () => void frames.cancel().catch(() => undefined)
    const listen = async () => {
      for (let next = await frames.read(); !next.done; next = await frames.read()) microphone.hear(next.value.data)
    }
    listen().catch(() => undefined)
  }
  const isMine = (publication: TrackPublication) => publication === heard

  return {
    watch(room) {
      room.on(RoomEvent.TrackPublished, (publication, participant) => {
        if (participant === caller) subscribe(publication)
      })
      room.on(RoomEvent.TrackSubscribed, (track, publication) => {
        if (isMine(publication) && !publication.muted) hear(track)
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
        stop()
        microphone.silence()
        microphone.mute(false)
      }
      caller = next
      for (const publication of next.trackPublications.values()) subscribe(publication)
    },
    track: () => heard?.sid,
    close: () => stop(),
  }
}

/** Telephones and some clients do not say what they send. */
const isMicrophone = ({ kind, source }: TrackPublication) =>
  kind === TrackKind.KIND_AUDIO && source !== TrackSource.SOURCE_SCREENSHARE_AUDIO
