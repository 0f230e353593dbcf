import { AudioSource, type AudioFrame } from '@livekit/rtc-node'
import { voice } from '@livekit/agents'
import { DOWN_SAMPLE_RATE } from '../../../core/contract/media.ts'

/**
 * How much lies ready behind the sample that leaves. It is emptied at once when the caller interrupts, and bridges the moments in which
 * this process does something else, such as starting another call.
 */
const QUEUE_MS = 200

type Segment = { pushed_ms: number; begun: boolean; over: boolean; timer?: NodeJS.Timeout }
export type SegmentListener = Readonly<{ begun: () => void; over: () => void }>

/** The agent's voice in a room: one audio source for the whole call. Each segment is reported as finished exactly once. */
export class RoomSpeaker extends voice.AudioOutput {
  readonly source = new AudioSource(DOWN_SAMPLE_RATE, 1, QUEUE_MS)
  readonly #listen: () => SegmentListener
  readonly #pending = new Map<Segment, SegmentListener>()
  #open: Segment | undefined
  #gate: { opened: Promise<void>; open: () => void } | undefined

  /** `listen`: asked when a segment comes; `begun` when its first sample leaves. */
  constructor(listen: () => SegmentListener) {
    super(DOWN_SAMPLE_RATE, undefined, { pause: false })
    this.#listen = listen
  }

  /** Keeps what comes, as long as nobody could hear it. */
  hold(held: boolean): void {
    if (!held) {
      this.#gate?.open()
      this.#gate = undefined
    } else this.#gate ??= gate()
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    const counted = super.captureFrame(frame)
    this.#open ??= this.#begin()
    const segment = this.#open
    await counted
    while (this.#gate) await this.#gate.opened
    if (segment.over) return
    if (!segment.begun) {
      segment.begun = true
      this.onPlaybackStarted(Date.now())
      this.#pending.get(segment)?.begun()
    }
    segment.pushed_ms += (frame.samplesPerChannel * 1000) / frame.sampleRate
    await this.source.captureFrame(frame)
  }

  override flush(): void {
    super.flush()
    const segment = this.#open
    this.#open = undefined
    if (segment) segment.timer = setTimeout(() => this.#finish(segment, segment.pushed_ms, false), this.source.queuedDuration)
  }

  override clearBuffer(): void {
    if (this.#open) super.flush()
    this.#open = undefined
    let left = this.source.queuedDuration
    this.source.clearQueue()
    const played = [...this.#pending.keys()].reverse().map((segment) => {
      const unplayed = Math.min(left, segment.pushed_ms)
      left -= unplayed
      return [segment, segment.pushed_ms - unplayed] as const
    })
    for (const [segment, position_ms] of played.reverse()) this.#finish(segment, position_ms, true)
  }

  /** Nobody hears what is on its way. */
  async close(): Promise<void> {
    this.clearBuffer()
    this.hold(false)
    await this.source.close()
  }

  #begin(): Segment {
    const segment: Segment = { pushed_ms: 0, begun: false, over: false }
    this.#pending.set(segment, this.#listen())
    return segment
  }

  #finish(segment: Segment, position_ms: number, interrupted: boolean): void {
    const listener = this.#pending.get(segment)
    if (!listener) return
    segment.over = true
    this.#pending.delete(segment)
    clearTimeout(segment.timer)
    listener.over()
    this.onPlaybackFinished({ playbackPosition: position_ms / 1000, interrupted })
  }
}

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
