import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackSource,
  type RemoteTrack,
} from '@livekit/rtc-node'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import {
  createLineSplitter,
  emptyTurnReading,
  missingLines,
  parseTurnLine,
  readTurnLine,
} from '../../../core/room/turn-reader.ts'
import { RESUME_RPC, TURN_TOPIC, type TurnLine } from '../../../core/room/turn-stream.ts'
import type { SessionEvent } from '../../../core/contract/session-events.ts'
import { agentToken, callerToken } from '../../../host/livekit/tokens.ts'
import type { TestLiveKit } from '../../../host/livekit/testing/livekit-server.ts'
import type { RoomSpec } from '../../../core/contract/runtime.ts'
import { createLookout, type Lookout } from '../../../core/testing/lookout.ts'
import { rms } from './test-page.ts'

/** What a host would tell a session process about the room of a call. */
export async function roomSpec(server: TestLiveKit, room_name: string, session: string): Promise<RoomSpec> {
  const identity = `agent-${session}`
  return { connection_id: 'test', url: server.url, token: await agentToken(server, { room_name, identity }), room_name, identity }
}

/** One text stream as it was received. */
export type ReceivedText = Readonly<{
  topic: string
  from: string
  attributes: Record<string, string>
  text: () => string
  over: () => boolean
}>

/** A person in a room who only knows LiveKit: microphone, loudspeaker, typed lines. */
export type RoomCaller = Readonly<{
  room: Room
  identity: string
  speak: (pcm: Int16Array) => Promise<void>
  /** Milliseconds of the agent's sound that were not silence. */
  heard_ms: () => number
  /** Since when the agent is silent, on performance.now(). */
  silentSince: () => number
  texts: readonly ReceivedText[]
  lines: readonly TurnLine[]
  /** In order, as a frontend reads them. */
  events: readonly SessionEvent[]
  data: readonly Readonly<{ topic: string | undefined; text: string }>[]
  type: (text: string) => Promise<void>
  rpc: (method: string, payload: unknown) => Promise<unknown>
  /** Resolves when this is true; asked whenever something happens in the room. */
  until: Lookout['until']
  leave: () => Promise<void>
}>

export async function joinAsCaller(
  server: TestLiveKit,
  room_name: string,
  { identity = 'caller', agent = '', microphone = true } = {},
): Promise<RoomCaller> {
  const room = new Room()
  const texts: { topic: string; from: string; attributes: Record<string, string>; text: () => string; over: () => boolean }[] = []
  const lines: TurnLine[] = []
  const events: SessionEvent[] = []
  const data: { topic: string | undefined; text: string }[] = []
  const { heard: changed, until } = createLookout()
  let heard_ms = 0
  let silentSince = performance.now()
  let reading = emptyTurnReading

  const listen = async (track: RemoteTrack) => {
    for await (const { data: pcm } of new AudioStream(track, { sampleRate: 16_000, numChannels: 1, frameSizeMs: 20 })) {
      if (rms(pcm) > 200) {
        heard_ms += 20
        silentSince = performance.now()
      }
      changed()
    }
  }
  const receive = (topic: string) =>
    room.registerTextStreamHandler(topic, (reader, { identity: from }) => {
      const splitter = createLineSplitter()
      let text = ''
      let over = false
      texts.push({ topic, from, attributes: reader.info.attributes ?? {}, text: () => text, over: () => over })
      const read = async () => {
        for await (const chunk of reader) {
          text += chunk
          if (topic === TURN_TOPIC) splitter.push(chunk).forEach(take)
          changed()
        }
      }
      void read()
        .catch(() => undefined)
        .then(() => {
          over = true
          changed()
        })
    })
  const take = (text: string) => {
    const line = parseTurnLine(text)
    if (!line) return
    lines.push(line)
    const result = readTurnLine(reading, line)
    reading = result.reading
    events.push(...result.told.flatMap((message) => message.events))
    if (missingLines(reading)) settled.refresh()
  }
  // Streams that run side by side settle in a moment; what is missing then has to be asked for.
  const settled = setTimeout(() => {
    const missing = missingLines(reading)
    if (missing) void rpc(RESUME_RPC, missing).catch(() => settled.refresh())
  }, 200)
  const agentIdentity = () => agent || ([...room.remoteParticipants.keys()].find((name) => name.startsWith('agent-')) ?? '')
  const rpc = async (method: string, payload: unknown) =>
    JSON.parse(
      (await room.localParticipant?.performRpc({
        destinationIdentity: agentIdentity(),
        method,
        payload: JSON.stringify(payload),
        responseTimeout: 5000,
      })) ?? 'null',
    ) as unknown
  receive(TURN_TOPIC)
  receive('lk.transcription')
  room.on(RoomEvent.TrackSubscribed, (track) => void listen(track).catch(() => undefined))
  room.on(RoomEvent.DataReceived, (payload, _from, _kind, topic) => {
    data.push({ topic, text: new TextDecoder().decode(payload) })
    changed()
  })
  for (const event of [
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
    RoomEvent.ParticipantAttributesChanged,
    RoomEvent.Reconnected,
    RoomEvent.Disconnected,
    RoomEvent.TrackSubscribed,
  ])
    room.on(event, changed)
  await room.connect(server.url, await callerToken(server, { room_name, identity }), { autoSubscribe: true, dynacast: false })
  const source = new AudioSource(UP_SAMPLE_RATE, 1, 100)
  if (microphone) {
    const track = LocalAudioTrack.createAudioTrack('microphone', source)
    await room.localParticipant?.publishTrack(track, new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }))
  }
  let left = false
  const outgoing: Int16Array[] = []
  const silent = new Int16Array(160)
  const pump = async () => {
    // The source takes what it has room for: that is the pace of real time.
    while (!left) await source.captureFrame(new AudioFrame(outgoing.shift() ?? silent.slice(), UP_SAMPLE_RATE, 1, 160))
  }
  if (microphone) void pump().catch(() => undefined)
  return {
    room,
    identity,
    async speak(pcm) {
      for (let at = 0; at + 160 <= pcm.length; at += 160) outgoing.push(pcm.slice(at, at + 160))
      while (outgoing.length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    heard_ms: () => heard_ms,
    silentSince: () => silentSince,
    texts,
    lines,
    events,
    data,
    type: async (text) => void (await room.localParticipant?.sendText(text, { topic: 'lk.chat' })),
    rpc,
    until,
    async leave() {
      left = true
      clearTimeout(settled)
      await room.disconnect()
    },
  }
}
