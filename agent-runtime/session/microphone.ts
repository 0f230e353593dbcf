import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web'
import { AudioFrame } from '@livekit/rtc-node'
import { voice } from '@livekit/agents'
import { UP_FRAME_SAMPLES, UP_SAMPLE_RATE } from '../../core/contract/media.ts'

/** How long silence is heard after muting: long enough for the voice detection to see the caller stop. */
const SILENCE_FRAMES = 60

/** The caller's voice as it comes over the line: PCM16 mono at 16 kHz. */
export class Microphone extends voice.AudioInput {
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined
  #muted = false
  #closed = false

  constructor() {
    super()
    this.multiStream.addInputStream(
      new ReadableStream<AudioFrame>({ start: (controller) => void (this.#controller = controller) }),
    )
  }

  push(message: Buffer): void {
    if (this.#muted || this.#closed || message.byteLength < 2) return
    // A copy: what a WebSocket gives lies at any byte of a larger buffer.
    const pcm = new Int16Array(message.byteLength >> 1)
    new Uint8Array(pcm.buffer).set(message.subarray(0, pcm.byteLength))
    this.#enqueue(pcm)
  }

  /** Samples that nobody else will write to. */
  hear(pcm: Int16Array): void {
    if (!this.#muted) this.#enqueue(pcm)
  }

  /** Muting in the middle of a word sounds like the end of it, not like a stopped clock. */
  mute(muted: boolean): void {
    if (muted && !this.#muted) this.silence()
    this.#muted = muted
  }

  silence(): void {
    for (let frame = 0; frame < SILENCE_FRAMES; frame++) this.#enqueue(new Int16Array(UP_FRAME_SAMPLES))
  }

  override async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#controller?.close()
    await super.close()
  }

  #enqueue(pcm: Int16Array): void {
    if (!this.#closed) this.#controller?.enqueue(new AudioFrame(pcm, UP_SAMPLE_RATE, 1, pcm.length))
  }
}
