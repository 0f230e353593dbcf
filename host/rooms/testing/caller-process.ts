/** A caller as a process of its own, so that it can be stopped and killed. Told over IPC where to join; says "in" when it is. */
import { AudioFrame, AudioSource, LocalAudioTrack, Room, TrackPublishOptions, TrackSource } from '@livekit/rtc-node'

export type CallerOrder = Readonly<{ url: string; token: string; voice: boolean }>

async function speakSilence(room: Room): Promise<void> {
  const source = new AudioSource(48_000, 1)
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
  await room.localParticipant?.publishTrack(LocalAudioTrack.createAudioTrack('microphone', source), options)
  const run = async () => {
    for (;;) await source.captureFrame(new AudioFrame(new Int16Array(480), 48_000, 1, 480))
  }
  void run().catch(() => undefined)
}

process.once('message', (order: CallerOrder) => {
  const join = async () => {
    const room = new Room()
    await room.connect(order.url, order.token, { autoSubscribe: true, dynacast: false })
    if (order.voice) await speakSilence(room)
    process.send?.('in')
  }
  void join()
})
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
