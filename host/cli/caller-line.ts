import type { WebSocket } from 'ws'
import { MEDIA_CLOSE, MediaDown, UP_FRAME_SAMPLES, UP_SAMPLE_RATE, type MediaUp } from '../../core/contract/media.ts'
import { createReplyPlayer } from './reply-player.ts'

const TICK_MS = 10
const PING_EVERY_MS = 1_000

/** The caller's end of the audio WebSocket, as the page would be: a microphone that never stops, and a loudspeaker. */
export type CallerLine = Readonly<{
  /** Says these samples (16 kHz) in real time; resolves when the last one is sent. Between, the microphone hears silence. */
  say: (pcm: Int16Array) => Promise<void>
  heard: () => Int16Array
  /** Rejects when the line breaks. */
  broken: Promise<never>
  hangUp: () => void
}>

export async function openCallerLine(socket: WebSocket): Promise<CallerLine> {
  const send = (message: MediaUp): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }
  const player = createReplyPlayer(send)
  const microphone = createMicrophone((frame) => {
    if (socket.readyState === socket.OPEN) socket.send(frame)
  })
  const pings = createPings(send)
  let hasHungUp = false
  const broken = new Promise<never>((_resolve, reject) => {
    socket.on('error', reject)
    // A call that has ended says so in its events.
    socket.on(
      'close',
      (code) => !hasHungUp && code !== MEDIA_CLOSE.ended && reject(new Error(`The audio connection closed (${code}).`)),
    )
  })
  broken.catch(() => undefined)
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return player.receive(data)
    const message = MediaDown.safeParse(JSON.parse(data.toString('utf8')))
    if (!message.success) return
    if (message.data.type === 'pong') pings.answered(message.data)
    else player.command(message.data)
  })
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), broken])
  const timer = setInterval(() => {
    const now = performance.now()
    microphone.tick(now)
    player.tick(now)
    pings.tick(now)
  }, TICK_MS)
  return {
    say: microphone.say,
    heard: player.heard,
    broken,
    hangUp: () => {
      hasHungUp = true
      clearInterval(timer)
      socket.close()
    },
  }
}

type Utterance = { readonly pcm: Int16Array; at: number; readonly done: () => void }

/** Sends a frame for every 20 ms that pass, however late the timer is. */
function createMicrophone(send: (frame: Uint8Array) => void): { say: CallerLine['say']; tick: (now: number) => void } {
  const queue: Utterance[] = []
  const frameMs = (UP_FRAME_SAMPLES * 1000) / UP_SAMPLE_RATE
  let due: number | undefined
  const nextFrame = (): Int16Array => {
    const frame = new Int16Array(UP_FRAME_SAMPLES)
    const utterance = queue[0]
    if (!utterance) return frame
    const part = utterance.pcm.subarray(utterance.at, utterance.at + UP_FRAME_SAMPLES)
    frame.set(part)
    utterance.at += part.length
    if (utterance.at >= utterance.pcm.length) queue.shift()?.done()
    return frame
  }
  return {
    say: (pcm) => new Promise((done) => queue.push({ pcm, at: 0, done: () => done() })),
    tick: (now) => {
      for (due ??= now; due <= now; due += frameMs) send(new Uint8Array(nextFrame().buffer))
    },
  }
}

/** What tells the session how this clock and its own stand to each other. */
function createPings(send: (message: MediaUp) => void): {
  tick: (now: number) => void
  answered: (pong: { at: number; clock: number }) => void
} {
  let last = -Infinity
  let id = 0
  let best: { offset_ms: number; round_trip_ms: number } | undefined
  return {
    tick: (now) => {
      if (now - last < PING_EVERY_MS) return
      last = now
      send({ type: 'ping', id: ++id, at: performance.now(), ...best })
    },
    answered: ({ at, clock }) => {
      const round_trip_ms = performance.now() - at
      if (!best || round_trip_ms < best.round_trip_ms) best = { round_trip_ms, offset_ms: clock - (at + round_trip_ms / 2) }
    },
  }
}
