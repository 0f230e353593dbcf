/** People in rooms who only know LiveKit, in a process of their own, so that what they cost is counted nowhere. */
import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  dispose,
} from '@livekit/rtc-node'
import type { CallerOrder, CallerReport } from './caller-orders.ts'

const RATE = 16_000
const FRAME = RATE / 100
const AUDIBLE = 200

type Person = Readonly<{
  agentIs: (state: string) => Promise<number>
  heard: () => Promise<number>
  /** Resolves with the moment when the last sample leaves. */
  speak: (pcm: Int16Array) => Promise<number>
  leave: () => Promise<void>
}>

const now = () => performance.timeOrigin + performance.now()
const loudness = (pcm: Int16Array) => Math.sqrt(pcm.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, pcm.length))

async function join(url: string, token: string): Promise<Person> {
  const room = new Room()
  const waiting = new Set<() => void>()
  let [loud_at, hears] = [0, false]
  const look = () => [...waiting].forEach((check) => check())
  const until = (found: () => number | undefined) =>
    new Promise<number>((resolve) => {
      const check = () => {
        const at = found()
        if (at !== undefined && waiting.delete(check)) resolve(at)
      }
      waiting.add(check)
      check()
    })
  room.on(RoomEvent.TrackSubscribed, (track) => {
    const listen = async () => {
      for await (const { data } of new AudioStream(track, { sampleRate: RATE, numChannels: 1, frameSizeMs: 20 })) {
        if (loudness(data) <= AUDIBLE) continue
        loud_at = now()
        look()
      }
    }
    void listen().catch(() => undefined)
    hears = true
    look()
  })
  for (const event of [RoomEvent.ParticipantConnected, RoomEvent.ParticipantAttributesChanged]) room.on(event, look)
  await room.connect(url, token, { autoSubscribe: true, dynacast: false })
  const source = new AudioSource(RATE, 1, 40)
  const track = LocalAudioTrack.createAudioTrack('microphone', source)
  await room.localParticipant?.publishTrack(track, new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }))

  const outgoing: Int16Array[] = []
  const sent: (() => void)[] = []
  let left = false
  const pump = async () => {
    while (!left) {
      const frame = outgoing.shift() ?? new Int16Array(FRAME)
      // The source takes what it has room for: that is the pace of real time.
      await source.captureFrame(new AudioFrame(frame, RATE, 1, FRAME))
      if (outgoing.length === 0) for (const resolve of sent.splice(0)) resolve()
    }
  }
  void pump().catch(() => undefined)
  const states = () => [...room.remoteParticipants.values()].map(({ attributes }) => attributes['lk.agent.state'])
  return {
    agentIs: (state) => until(() => (hears && states().includes(state) ? now() : undefined)),
    heard: () => {
      const since = now()
      return until(() => (loud_at > since ? loud_at : undefined))
    },
    async speak(pcm) {
      const over = new Promise<void>((resolve) => sent.push(resolve))
      for (let at = 0; at + FRAME <= pcm.length; at += FRAME) outgoing.push(pcm.slice(at, at + FRAME))
      await over
      return now() + source.queuedDuration
    },
    async leave() {
      left = true
      await room.disconnect()
      await track.close()
    },
  }
}

const people = new Map<string, Person>()
let voice = new Int16Array(0)

async function obey(order: CallerOrder): Promise<number> {
  if (order.do === 'voice') {
    voice = new Int16Array(Uint8Array.from(Buffer.from(order.pcm, 'base64')).buffer)
    return voice.length
  }
  if (order.do === 'join') {
    people.set(order.who, await join(order.url, order.token))
    return now()
  }
  const person = people.get(order.who)
  if (!person) throw new Error(`nobody is called ${order.who}`)
  switch (order.do) {
    case 'agent':
      return person.agentIs(order.state)
    case 'first-audio':
      return person.heard()
    case 'ask': {
      const ended = await person.speak(voice)
      return (await person.heard()) - ended
    }
    case 'leave':
      people.delete(order.who)
      await person.leave()
      return now()
  }
}

process.on('message', (order: CallerOrder) => {
  const answer = (report: CallerReport) => process.send?.(report)
  obey(order).then(
    (value) => answer({ id: order.id, value }),
    (cause: unknown) => answer({ id: order.id, value: 0, error: String(cause) }),
  )
})
process.on('disconnect', () => void dispose().then(() => process.exit(0)))
process.send?.('ready')
