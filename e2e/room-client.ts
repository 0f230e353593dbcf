import { readFileSync } from 'node:fs'
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
import { AccessToken, RoomServiceClient, type VideoGrant } from 'livekit-server-sdk'

/** What a client of others has: a server's address and a pair of its keys. */
export type ServerKeys = Readonly<{ url: string; api_key: string; api_secret: string }>

export type Wanted = Readonly<{
  room: string
  identity: string
  name?: string
  metadata?: string
  grant?: VideoGrant
  /** As in the room configuration of the token: `RoomAgentDispatch`. */
  agents?: readonly Readonly<{ agentName: string; metadata?: string }>[]
}>

/** A token as any application makes it: nothing of Greenroom is known here. */
export function tokenFor(
  { api_key, api_secret }: ServerKeys,
  { room, identity, grant = {}, agents, ...who }: Wanted,
): Promise<string> {
  const token = new AccessToken(api_key, api_secret, { identity, ttl: '10m', ...who })
  token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true, ...grant })
  // A plain object, so that fields which older servers do not know are not written.
  if (agents) token.roomConfig = { agents: agents.map(({ agentName, metadata = '' }) => ({ agentName, metadata })) } as never
  return token.toJwt()
}

export const HIDDEN: VideoGrant = { hidden: true, canPublish: false, canPublishData: false }

/** How the server itself sees its rooms. */
export const serviceOf = ({ url, api_key, api_secret }: ServerKeys) =>
  new RoomServiceClient(url.replace(/^ws/, 'http'), api_key, api_secret)

/** Somebody who came or went, on performance.now(). */
export type Seen = Readonly<{ at: number; what: 'joined' | 'left'; identity: string }>
/** One text stream: its pieces, and when each came. */
export type Stream = { topic: string; from: string; attributes: Record<string, string>; pieces: { at: number; text: string }[] }
/** Since when somebody was last heard, and for how long in all; ms on performance.now(). */
export type Voice = { ms: number; heard_at: number; began_at: number }

export type RoomClient = Readonly<{
  room: Room
  /** Since when it is in the room. */
  joined_at: number
  seen: readonly Seen[]
  streams: readonly Stream[]
  /** Who was heard, by identity. */
  voices: ReadonlyMap<string, Voice>
  dropped: () => boolean
  /** Resolves with what `find` gives as soon as it gives something; asked whenever something happens in the room. */
  until: <Value>(what: string, find: () => Value | undefined | false) => Promise<Value>
  type: (text: string) => Promise<unknown>
  leave: () => Promise<void>
}>

const PATIENCE_MS = 60_000
/** Of 16-bit samples; below is silence. */
const AUDIBLE = 300
/** A pause this long is the end of what was said. */
const PAUSE_MS = 400

/** A participant that only knows LiveKit. */
export async function joinRoom(url: string, token: string): Promise<RoomClient> {
  const room = new Room()
  const seen: Seen[] = []
  const streams: Stream[] = []
  const voices = new Map<string, Voice>()
  const waiting = new Set<() => void>()
  const happened = () => [...waiting].forEach((look) => look())
  let dropped = false

  const tell = (what: Seen['what']) => (who: Readonly<{ identity: string }>) => {
    seen.push({ at: performance.now(), what, identity: who.identity })
    happened()
  }
  const hear = async (track: RemoteTrack, identity: string) => {
    for await (const { data } of new AudioStream(track, { sampleRate: 16_000, numChannels: 1, frameSizeMs: 20 })) {
      if (loudness(data) >= AUDIBLE) {
        const now = performance.now()
        const before = voices.get(identity) ?? { ms: 0, heard_at: 0, began_at: 0 }
        const began_at = now - before.heard_at > PAUSE_MS ? now : before.began_at
        voices.set(identity, { ms: before.ms + 20, heard_at: now, began_at })
      }
      happened()
    }
  }
  const read = (topic: string) =>
    room.registerTextStreamHandler(topic, (reader, { identity: from }) => {
      const stream: Stream = { topic, from, attributes: { ...reader.info.attributes }, pieces: [] }
      streams.push(stream)
      const keep = async () => {
        for await (const text of reader) {
          stream.pieces.push({ at: performance.now(), text })
          happened()
        }
      }
      void keep().catch(() => undefined) // broken off: what came before stays
    })
  read('studio.turn')
  read('lk.transcription')
  read('lk.chat')
  room.on(RoomEvent.ParticipantConnected, tell('joined'))
  room.on(RoomEvent.ParticipantDisconnected, tell('left'))
  room.on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => void hear(track, identity).catch(() => undefined))
  room.on(RoomEvent.Disconnected, () => {
    dropped = true
    happened()
  })
  for (const event of [RoomEvent.Reconnecting, RoomEvent.Reconnected, RoomEvent.ParticipantAttributesChanged])
    room.on(event, happened)
  const joined_at = performance.now()
  await room.connect(url, token, { autoSubscribe: true, dynacast: false })
  for (const participant of room.remoteParticipants.values()) tell('joined')(participant)

  return {
    room,
    joined_at,
    seen,
    streams,
    voices,
    dropped: () => dropped,
    until: (what, find) =>
      new Promise((resolve, reject) => {
        const gaveUp = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`${what}: not within ${PATIENCE_MS / 1000} s; seen: ${JSON.stringify(seen)}`))
        }, PATIENCE_MS)
        const look = () => {
          const found = find()
          if (found === undefined || found === false) return
          clearTimeout(gaveUp)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    type: async (text) => room.localParticipant?.sendText(text, { topic: 'lk.chat' }),
    leave: () => room.disconnect(),
  }
}

const WAV_HEADER = 44
const WAV_RATE = 22_050
const FRAME = 441

/** Speaks the recording of a caller, again and again, until it is stopped. */
export async function speakIn(room: Room, wav: string): Promise<Readonly<{ stop: () => Promise<void> }>> {
  const bytes = readFileSync(wav).subarray(WAV_HEADER)
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const source = new AudioSource(WAV_RATE, 1)
  const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
  await room.localParticipant?.publishTrack(LocalAudioTrack.createAudioTrack('microphone', source), options)
  let stopped = false
  const speak = async () => {
    for (let at = 0; !stopped; at = at + 2 * FRAME > samples.length ? 0 : at + FRAME)
      await source.captureFrame(new AudioFrame(samples.slice(at, at + FRAME), WAV_RATE, 1, FRAME))
  }
  const spoken = speak()
  return {
    stop: () => {
      stopped = true
      return spoken
    },
  }
}

/** Everything of a topic that was received, as lines of JSON. */
export const linesOf = <Line>(streams: readonly Stream[], topic: string): Line[] =>
  streams
    .filter((stream) => stream.topic === topic)
    .flatMap(({ pieces }) =>
      pieces
        .map(({ text }) => text)
        .join('')
        .split('\n'),
    )
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))

/** Who is an agent, in order of coming and going: `+` joined, `-` left. */
export const agentsOf = (seen: readonly Seen[]): string[] =>
  seen.filter(({ identity }) => identity.startsWith('agent-')).map(({ what }) => (what === 'joined' ? '+' : '-'))

function loudness(pcm: Int16Array): number {
  let sum = 0
  for (const sample of pcm) sum += sample * sample
  return Math.sqrt(sum / Math.max(1, pcm.length))
}
