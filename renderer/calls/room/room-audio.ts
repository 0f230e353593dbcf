import { Track, type RemoteTrack, type Room } from 'livekit-client'
import { createStore } from 'zustand/vanilla'
import type { AudioState, CallAudio } from '../media/call-audio.ts'
import type { LinkState } from '../media/media-link.ts'
import type { MicrophoneProblem } from '../media/microphone-problem.ts'
import type { ClockReading } from '../media/page-clock.ts'
import { openAgentEar } from './agent-ear.ts'
import { createRoomMicrophone } from './room-microphone.ts'
import type { RoomLink } from './room-state.ts'

const LINKS: Readonly<Record<RoomLink, LinkState>> = {
  joining: 'connecting',
  connected: 'open',
  signal: 'open',
  reconnecting: 'reconnecting',
  rejoining: 'reconnecting',
  replaced: 'replaced',
  left: 'closed',
}

export type RoomAudio = Readonly<{
  audio: CallAudio
  setLink: (link: RoomLink) => void
  setClock: (clock: ClockReading) => void
  /** A room object before it is joined; `agent`: whose voice is measured. */
  bind: (room: Room, agent: () => string | undefined) => void
  joined: (room: Room) => void
}>

type Options = Readonly<{
  onHeard: (at: number) => void
  onProblem: (problem: MicrophoneProblem) => void
  canSpeak: boolean
}>

/** The sound of a room call in this window: the microphone published, everybody else played, the agent's first sample measured. */
export function openRoomAudio({ onHeard, onProblem, canSpeak }: Options): RoomAudio {
  const store = createStore<AudioState>(() => ({
    by: 'room',
    link: 'connecting',
    microphone: 'off',
    muted: false,
    blocked: false,
  }))
  const set = store.setState
  let room: Room | undefined
  let speaker_id: string | undefined
  let output = 0
  const ear = openAgentEar({
    onHeard,
    onLevel: (level) => {
      output = level
    },
  })
  const microphone = createRoomMicrophone({
    onAsking: () => set({ microphone: 'asking', problem: undefined }),
    onOpen: (label) => set({ microphone: 'on', microphone_label: label }),
    onFailed: (problem) => {
      set({ microphone: 'failed', problem })
      onProblem(problem)
    },
  })
  const isSound = (track: RemoteTrack) => track.kind === Track.Kind.Audio

  return {
    setLink: (link) => set({ link: LINKS[link] }),
    setClock: (clock) => set({ clock }),
    bind(next, agent) {
      room = next
      next.on('trackSubscribed', (track, _publication, { identity }) => {
        if (!isSound(track)) return
        track.attach()
        if (identity === agent()) ear.listen(track.mediaStreamTrack)
      })
      next.on('trackUnsubscribed', (track, _publication, { identity }) => {
        if (!isSound(track)) return
        for (const element of track.detach()) element.remove()
        if (identity === agent()) ear.listen(undefined)
      })
      next.on('audioPlaybackChanged', () => set({ blocked: !next.canPlaybackAudio }))
    },
    joined(next) {
      // An output that is gone is no reason to be silent: the default one plays.
      if (speaker_id !== undefined) void next.switchActiveDevice('audiooutput', speaker_id).catch(() => undefined)
      set({ blocked: !next.canPlaybackAudio })
      void microphone
        .publish(next)
        .catch((cause: unknown) => set({ speaker_problem: cause instanceof Error ? cause.message : String(cause) }))
    },
    audio: {
      store,
      levels: {
        get input() {
          return microphone.level()
        },
        get output() {
          return output
        },
      },
      openMicrophone: (device_id) => (canSpeak ? microphone.open(device_id) : Promise.resolve()),
      closeMicrophone() {
        microphone.close()
        set({ microphone: 'off', problem: undefined })
      },
      setMuted(muted) {
        microphone.setMuted(muted)
        set({ muted })
      },
      async setSpeaker(device_id) {
        speaker_id = device_id
        await room?.switchActiveDevice('audiooutput', device_id === '' ? 'default' : device_id)
      },
      resume: () => void room?.startAudio().catch(() => undefined), // refused without a gesture; the next click tries again
      close() {
        microphone.close()
        ear.close()
      },
    },
  }
}
