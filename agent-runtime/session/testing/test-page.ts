import { once } from 'node:events'
import { WebSocket } from 'ws'
import { joinPcm } from '../../../core/join-pcm.ts'
import { DOWN_SAMPLE_RATE, MediaDown, UP_FRAME_SAMPLES, UP_SAMPLE_RATE, type MediaUp } from '../../../core/contract/media.ts'

type Playing = { samples: number; began: number; flushed: boolean; timer?: NodeJS.Timeout }

/** The page's half of a voice call: a microphone that sends at the speed of speech, a loudspeaker that plays at it. */
export type TestPage = Readonly<{
  /** Everything that came down, in order. */
  audio: () => Int16Array
  segments: () => number
  /** Speaks as a caller: resolves when the last sample has left. */
  speak: (pcm: Int16Array) => Promise<void>
  /** Silence, for as long as it takes the other side to notice. */
  listen: () => void
  mute: (muted: boolean) => void
  cleared: () => number
  played_ms: () => number
  close: () => Promise<void>
}>

/**
 * `clock_ms`: how far this page's clock is from that of the process, as those of two computers are; `slower_ms`: how much slower than
 * it is the line is said to be; `speed`: how many times faster than real it plays and speaks.
 */
export async function openTestPage(url: string, { clock_ms = 0, slower_ms = 0, speed = 1 } = {}): Promise<TestPage> {
  const clock = () => performance.now() + clock_ms
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const down: Int16Array[] = []
  const playing = new Map<number, Playing>()
  const seen = new Set<number>()
  const outgoing: Int16Array[] = []
  let clears = 0
  let played = 0
  const send = (message: MediaUp) => socket.send(JSON.stringify(message))

  const finish = (segment: number, interrupted: boolean) => {
    const one = playing.get(segment)
    const length_ms = ((one?.samples ?? 0) * 1000) / DOWN_SAMPLE_RATE
    const position_ms = one ? Math.min(length_ms, (performance.now() - one.began) * speed) : 0
    clearTimeout(one?.timer)
    playing.delete(segment)
    played += position_ms
    send({ type: 'finished', segment, position_ms, interrupted })
  }
  const hear = (data: Buffer) => {
    const segment = data.readUInt32LE(0)
    const pcm = new Int16Array(data.buffer.slice(data.byteOffset + 4, data.byteOffset + data.byteLength))
    down.push(pcm)
    if (!seen.has(segment)) {
      seen.add(segment)
      playing.set(segment, { samples: 0, began: performance.now(), flushed: false })
      send({ type: 'started', segment, at: clock() })
    }
    const one = playing.get(segment)
    if (one) one.samples += pcm.length
  }
  const obey = (message: MediaDown) => {
    if (message.type === 'clear') {
      clears += 1
      return finish(message.segment, true)
    }
    if (message.type === 'pong') {
      const round_trip_ms = clock() - message.at + slower_ms
      const offset_ms = message.clock - (message.at + (round_trip_ms - slower_ms) / 2)
      if (message.id === 1) send({ type: 'ping', id: 2, at: clock(), offset_ms, round_trip_ms })
      return
    }
    const one = playing.get(message.segment)
    if (!one) return send({ type: 'finished', segment: message.segment, position_ms: 0, interrupted: false })
    const left = (one.samples * 1000) / DOWN_SAMPLE_RATE / speed - (performance.now() - one.began)
    one.timer = setTimeout(() => finish(message.segment, false), Math.max(0, left))
  }
  socket.on('message', (data: Buffer, isBinary) => (isBinary ? hear(data) : obey(MediaDown.parse(JSON.parse(data.toString())))))
  await once(socket, 'open')
  send({ type: 'ping', id: 1, at: clock() })

  const silent = new Int16Array(UP_FRAME_SAMPLES)
  const began = performance.now()
  let sent = 0
  const microphone = setInterval(() => {
    const due = ((performance.now() - began) * UP_SAMPLE_RATE * speed) / 1000
    for (; sent < due; sent += UP_FRAME_SAMPLES) socket.send((outgoing.shift() ?? silent).slice())
  }, 10)

  return {
    audio: () => joinPcm(down),
    segments: () => seen.size,
    speak(pcm) {
      for (let at = 0; at + UP_FRAME_SAMPLES <= pcm.length; at += UP_FRAME_SAMPLES)
        outgoing.push(pcm.slice(at, at + UP_FRAME_SAMPLES))
      return new Promise((resolve) => {
        const timer = setInterval(() => {
          if (outgoing.length > 0) return
          clearInterval(timer)
          resolve()
        }, 10)
      })
    },
    listen: () => outgoing.splice(0),
    mute: (muted) => send({ type: 'mute', muted }),
    cleared: () => clears,
    played_ms: () => played,
    async close() {
      clearInterval(microphone)
      if (socket.readyState === WebSocket.CLOSED) return
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}

/** Loudness of PCM16, 0 to 32767. */
export const rms = (pcm: Int16Array): number =>
  pcm.length === 0 ? 0 : Math.sqrt(pcm.reduce((sum, sample) => sum + sample ** 2, 0) / pcm.length)
