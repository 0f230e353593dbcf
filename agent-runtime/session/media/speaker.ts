import type { AudioFrame } from '@livekit/rtc-node'
import { voice } from '@livekit/agents'
import { DOWN_SAMPLE_RATE, type MediaDown } from '../../../core/contract/media.ts'

/** How long the page may take to say that it emptied its buffer. */
const CLEAR_MS = 500
/** How much later than it should the page may say that it has played a segment. */
const PLAY_MARGIN_MS = 2000

type Segment = { pushed_ms: number; began: number; timer?: NodeJS.Timeout }
export type SpeakerPort = Readonly<{
  /** False when there is no page. */
  audio: (message: Buffer) => boolean
  command: (message: MediaDown) => boolean
  /** A segment begins: its audio belongs to what is being said now. */
  onSegment: (segment: number) => void
}>

/**
 * The page's loudspeaker. Audio goes down in numbered segments, and every segment is reported as finished exactly once, by the
 * page or, if that is silent or gone, by the clock: the session waits for it, and would otherwise wait for ever.
 */
export class Speaker extends voice.AudioOutput {
  readonly #port: SpeakerPort
  readonly #pending = new Map<number, Segment>()
  #open: number | undefined
  #last = 0

  constructor(port: SpeakerPort) {
    super(DOWN_SAMPLE_RATE, undefined, { pause: false })
    this.#port = port
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame)
    if (this.#open === undefined) {
      this.#open = ++this.#last
      this.#pending.set(this.#open, { pushed_ms: 0, began: performance.now() })
      this.#port.onSegment(this.#open)
      // At once, not when the page plays: the transcript's clock has to start before the text comes.
      this.onPlaybackStarted(Date.now())
    }
    const segment = this.#pending.get(this.#open)
    if (!segment) return
    segment.pushed_ms += (frame.samplesPerChannel * 1000) / frame.sampleRate
    this.#port.audio(packed(this.#open, frame.data))
  }

  override flush(): void {
    super.flush()
    const segment = this.#open
    this.#open = undefined
    const pending = segment === undefined ? undefined : this.#pending.get(segment)
    if (segment === undefined || !pending) return
    if (!this.#port.command({ type: 'flush', segment })) return this.finished(segment, 0, true)
    const left = Math.max(0, pending.pushed_ms - (performance.now() - pending.began))
    this.#expect(segment, pending, left + PLAY_MARGIN_MS, () => this.finished(segment, pending.pushed_ms, false))
  }

  override clearBuffer(): void {
    if (this.#open !== undefined) super.flush()
    this.#open = undefined
    for (const [segment, pending] of this.#pending) {
      const played = Math.min(pending.pushed_ms, performance.now() - pending.began)
      if (!this.#port.command({ type: 'clear', segment })) this.finished(segment, played, true)
      else this.#expect(segment, pending, CLEAR_MS, () => this.finished(segment, played, true))
    }
  }

  /** What the page, or its absence, says of a segment; only the first word counts. */
  finished(segment: number, position_ms: number, interrupted: boolean): void {
    const pending = this.#pending.get(segment)
    if (!pending) return
    this.#pending.delete(segment)
    clearTimeout(pending.timer)
    if (this.#open === segment) {
      this.#open = undefined
      super.flush()
    }
    this.onPlaybackFinished({ playbackPosition: position_ms / 1000, interrupted })
  }

  /** The page is gone: nobody hears what is on its way. */
  abandon(): void {
    for (const [segment, pending] of this.#pending) {
      this.finished(segment, Math.min(pending.pushed_ms, performance.now() - pending.began), true)
    }
  }

  #expect(segment: number, pending: Segment, within_ms: number, otherwise: () => void): void {
    clearTimeout(pending.timer)
    pending.timer = setTimeout(otherwise, within_ms)
    pending.timer.unref()
    this.#pending.set(segment, pending)
  }
}

function packed(segment: number, pcm: Int16Array): Buffer {
  const message = Buffer.allocUnsafe(4 + pcm.byteLength)
  message.writeUInt32LE(segment, 0)
  message.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), 4)
  return message
}
