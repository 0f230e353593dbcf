import { MEDIA_CLOSE, type MediaUp } from '../../../core/contract/media.ts'
import { readDownFrame, type DownFrame } from './media-frames.ts'
import { createPageClock, pageNow, type ClockReading } from './page-clock.ts'

/**
 * `lost`: the session has waited its ten seconds; attempts go on in case it is replaced, but the call may be over.
 * `replaced`: another window carries the sound now; this one does not try to get it back by itself.
 */
export type LinkState = 'connecting' | 'open' | 'reconnecting' | 'lost' | 'replaced' | 'closed'

export type MediaLink = Readonly<{
  sendAudio: (frame: ArrayBuffer) => void
  send: (message: MediaUp) => void
  close: () => void
}>

export type MediaLinkOptions = Readonly<{
  url: string
  onFrame: (frame: Exclude<DownFrame, { type: 'pong' }>) => void
  onState: (state: LinkState) => void
  onClock: (reading: ClockReading) => void
}>

/** The session waits this long for the page to come back (`data.md`). */
export const SESSION_WAITS_MS = 10_000
const PING_EVERY_MS = 10_000
/** A few at the start, so that the first answer already has a good clock. */
const FIRST_PINGS_MS = [0, 150, 400, 1000]
const RETRY_MS = 250
/** A frame is 20 ms; what a stalled connection holds back beyond this would be heard late and out of place. */
const MAX_BUFFERED_BYTES = 64_000

/** The audio socket of a direct call, which comes back by itself within the time that the session waits. */
export function openMediaLink({ url, onFrame, onState, onClock }: MediaLinkOptions): MediaLink {
  const clock = createPageClock()
  let socket: WebSocket | undefined
  let timers: ReturnType<typeof setTimeout>[] = []
  let lostAt: number | undefined
  let pings = 0
  let closed = false

  const send = (message: MediaUp) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }
  const ping = () => {
    const reading = clock.reading()
    const learned = reading ? { offset_ms: reading.offset_ms, round_trip_ms: reading.round_trip_ms } : {}
    send({ type: 'ping', id: ++pings, at: pageNow(), ...learned })
  }
  const later = (action: () => void, delay: number) => timers.push(setTimeout(action, delay))
  const forgetTimers = () => {
    timers.forEach(clearTimeout)
    timers = []
  }
  const pingAgain = () => {
    ping()
    later(pingAgain, PING_EVERY_MS)
  }

  const opened = () => {
    lostAt = undefined
    clock.forget()
    onState('open')
    FIRST_PINGS_MS.forEach((delay) => later(ping, delay))
    later(pingAgain, PING_EVERY_MS)
  }
  const heard = (data: unknown) => {
    if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) return
    const frame = readDownFrame(data)
    if (frame?.type === 'pong') onClock(clock.learn({ sent: frame.at, clock: frame.clock, now: pageNow() }))
    else if (frame) onFrame(frame)
  }
  const broke = ({ code }: CloseEvent) => {
    if (closed) return
    forgetTimers()
    if (code === MEDIA_CLOSE.replaced) return onState('replaced')
    if (code === MEDIA_CLOSE.unknown || code === MEDIA_CLOSE.ended) return onState('closed')
    lostAt ??= performance.now()
    onState(performance.now() - lostAt > SESSION_WAITS_MS ? 'lost' : 'reconnecting')
    later(connect, RETRY_MS)
  }
  const connect = () => {
    const attempt = new WebSocket(url)
    socket = attempt
    attempt.binaryType = 'arraybuffer'
    attempt.onopen = opened
    attempt.onmessage = ({ data }: MessageEvent<unknown>) => heard(data)
    attempt.onclose = broke
  }

  onState('connecting')
  connect()
  return {
    send,
    sendAudio: (frame) => {
      if (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < MAX_BUFFERED_BYTES) socket.send(frame)
    },
    close: () => {
      closed = true
      forgetTimers()
      socket?.close()
      onState('closed')
    },
  }
}
