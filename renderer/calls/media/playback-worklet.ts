import { createPlaybackQueue, type PlaybackEvent } from './playback-queue.ts'
import type { FromPlayback, ToPlayback } from './playback-messages.ts'

declare const sampleRate: number
declare const currentTime: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const LEVEL_EVERY_BLOCKS = 8

/** Runs on the audio thread: queued segments in, sound out, and a message for each segment that began or ended. */
class PlaybackProcessor extends AudioWorkletProcessor {
  private queue = createPlaybackQueue()
  private running = true
  private blocks = 0
  private peak = 0

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<ToPlayback>) => this.take(data)
  }

  private take(message: ToPlayback): void {
    switch (message.type) {
      case 'audio':
        return this.queue.push(message.segment, message.pcm)
      case 'flush':
        return this.tell(this.queue.flush(message.segment))
      case 'clear':
        return this.tell(this.queue.clear(message.segment))
      case 'reset':
        this.queue = createPlaybackQueue()
        return
      case 'stop':
        this.running = false
    }
  }

  private tell(events: readonly PlaybackEvent[]): void {
    for (const event of events) {
      const message: FromPlayback =
        event.type === 'started'
          ? { type: 'started', segment: event.segment, sample_time: currentTime + event.offset / sampleRate }
          : {
              type: 'finished',
              segment: event.segment,
              position_ms: (event.played / sampleRate) * 1000,
              interrupted: event.interrupted,
            }
      this.port.postMessage(message)
    }
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const out = outputs[0]?.[0]
    if (!out) return this.running
    this.tell(this.queue.render(out))
    for (const sample of out) this.peak = Math.max(this.peak, Math.abs(sample))
    if (++this.blocks % LEVEL_EVERY_BLOCKS === 0) {
      const message: FromPlayback = { type: 'level', level: this.peak }
      this.port.postMessage(message)
      this.peak = 0
    }
    return this.running
  }
}

registerProcessor('greenroom-playback', PlaybackProcessor)
