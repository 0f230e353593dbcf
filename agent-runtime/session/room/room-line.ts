import { setTimeout as sleep } from 'node:timers/promises'
import {
  LocalAudioTrack,
  TrackPublishOptions,
  TrackSource,
  type LocalTrackPublication,
  type RemoteParticipant,
  type Room,
} from '@livekit/rtc-node'
import { Microphone } from '../microphone.ts'
import type { LineListener, VoiceLine } from '../voice-line.ts'
import type { HeardClock } from './heard-clock.ts'
import { createRoomEar } from './room-ear.ts'
import { RoomSpeaker } from './room-speaker.ts'

/** A frontend that has not subscribed to the agent after this will hardly do so: the agent speaks all the same. */
const SUBSCRIBED_MS = 3000

/** The line of a room call: the caller's track in, the agent's track out. */
export type RoomLine = VoiceLine &
  Readonly<{
    watch: (room: Room) => void
    publish: (room: Room) => Promise<void>
    /** Resolves when somebody hears the agent's track. */
    ready: () => Promise<void>
    listenTo: (caller: RemoteParticipant) => void
    /** While anything holds it, what is being said waits. */
    hold: (why: 'down' | 'away', held: boolean) => void
    callerTrack: () => string | undefined
    agentTrack: () => string | undefined
  }>

export function createRoomLine({ onSegment, onMuted, onHeld }: LineListener, heardClock: HeardClock): RoomLine {
  const microphone = new Microphone()
  const ear = createRoomEar(microphone, onMuted)
  const holding = new Set<string>()
  let track: LocalAudioTrack | undefined
  let published: LocalTrackPublication | undefined
  const speaker = new RoomSpeaker(() => {
    const mark = onSegment()
    let leaving: { over: () => void } | undefined
    return { begun: () => void (leaving = heardClock.begun(mark)), over: () => leaving?.over() }
  })
  return {
    microphone,
    speaker,
    watch: ear.watch,
    async publish(room) {
      await track?.close(false)
      track = LocalAudioTrack.createAudioTrack('agent', speaker.source)
      const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
      published = await room.localParticipant?.publishTrack(track, options)
    },
    ready: async () => {
      await Promise.race([published?.waitForSubscription(), sleep(SUBSCRIBED_MS, undefined, { ref: false })])
    },
    listenTo: ear.listenTo,
    hold(why, held) {
      const before = holding.size > 0
      if (held) holding.add(why)
      else holding.delete(why)
      if (held) microphone.silence()
      if (holding.size > 0 === before) return
      speaker.hold(!before)
      onHeld(!before)
    },
    callerTrack: ear.track,
    agentTrack: () => published?.sid,
    hangUp: () => speaker.clearBuffer(),
    async close() {
      ear.close()
      await microphone.close()
      await speaker.close()
      await track?.close(false)
    },
  }
}
