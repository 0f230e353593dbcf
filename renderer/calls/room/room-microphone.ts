import { Track, type Room } from 'livekit-client'
import { askForMicrophone } from '../media/microphone.ts'
import { microphoneGone, microphoneInsecure, microphoneProblem, type MicrophoneProblem } from '../media/microphone-problem.ts'

/** The caller's microphone, published in whichever room is the present one. */
export type RoomMicrophone = Readonly<{
  open: (device_id: string | undefined) => Promise<void>
  close: () => void
  setMuted: (muted: boolean) => void
  /** Publishes in a room that was just joined. */
  publish: (room: Room) => Promise<void>
  /** 0…1, now. */
  level: () => number
}>

type Options = Readonly<{
  onAsking: () => void
  onOpen: (label: string) => void
  onFailed: (problem: MicrophoneProblem) => void
}>

type Opened = Readonly<{ stream: MediaStream; track: MediaStreamTrack; context: AudioContext; analyser: AnalyserNode }>

export function createRoomMicrophone({ onAsking, onOpen, onFailed }: Options): RoomMicrophone {
  let opened: Opened | undefined
  let room: Room | undefined
  let muted = false
  let asked = 0
  const samples = new Float32Array(512)

  const release = () => {
    if (!opened) return
    const { stream, track, context } = opened
    opened = undefined
    track.onended = null
    void room?.localParticipant.unpublishTrack(track, true).catch(() => undefined) // a room that is gone has nothing to take back
    stream.getTracks().forEach((each) => each.stop())
    void context.close()
  }
  const publish = async () => {
    if (!room || !opened) return
    const { track } = opened
    // LiveKit opens a track that it is given, some moments later: whoever is muted stays so, also on another microphone and in a
    // room that is joined anew.
    const gate = () => {
      track.enabled = !muted
    }
    const watch = setInterval(gate, 5)
    try {
      await room.localParticipant.publishTrack(track, { source: Track.Source.Microphone, dtx: true, red: true })
    } finally {
      clearInterval(watch)
      gate()
    }
  }
  const failed = (problem: MicrophoneProblem) => {
    release()
    onFailed(problem)
  }

  return {
    async open(device_id) {
      const turn = ++asked
      release()
      onAsking()
      const devices: MediaDevices | undefined = navigator.mediaDevices
      if (!devices) return failed(microphoneInsecure)
      try {
        const stream = await askForMicrophone(devices, device_id)
        const track = stream.getAudioTracks()[0]
        if (turn !== asked || !track) return stream.getTracks().forEach((each) => each.stop())
        const context = new AudioContext()
        const analyser = context.createAnalyser()
        analyser.fftSize = samples.length
        context.createMediaStreamSource(stream).connect(analyser)
        opened = { stream, track, context, analyser }
        track.enabled = !muted
        track.onended = () => failed(microphoneGone)
        onOpen(track.label)
        await publish()
      } catch (cause) {
        if (turn === asked) failed(microphoneProblem(cause))
      }
    },
    close() {
      asked += 1
      release()
    },
    // A disabled track goes on as silence, so that speech which was under way ends for the listener.
    setMuted(next) {
      muted = next
      if (opened) opened.track.enabled = !next
    },
    async publish(next) {
      room = next
      await publish()
    },
    level() {
      if (!opened || muted) return 0
      opened.analyser.getFloatTimeDomainData(samples)
      let energy = 0
      for (const sample of samples) energy += sample * sample
      return Math.sqrt(energy / samples.length)
    },
  }
}
