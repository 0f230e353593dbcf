import type { FromHeard } from './heard-messages.ts'
import { createOnsets } from './onset.ts'

declare const sampleRate: number
declare const currentTime: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const LEVEL_EVERY_BLOCKS = 8

/** Runs on the audio thread: tells when the agent begins to be heard, and how loud it is. Ends when its port is told `stop`. */
class HeardProcessor extends AudioWorkletProcessor {
  private readonly onsets = createOnsets(sampleRate)
  private running = true
  private blocks = 0
  private peak = 0

  constructor() {
    super()
    this.port.onmessage = () => {
      this.running = false
    }
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = inputs[0]?.[0]
    if (!channel) return this.running
    const { onset, level } = this.onsets.push(channel)
    this.peak = Math.max(this.peak, level)
    if (onset !== undefined) this.tell({ type: 'heard', sample_time: currentTime + onset / sampleRate })
    if (++this.blocks % LEVEL_EVERY_BLOCKS === 0) {
      this.tell({ type: 'level', level: this.peak })
      this.peak = 0
    }
    return this.running
  }

  private tell(message: FromHeard): void {
    this.port.postMessage(message)
  }
}

registerProcessor('greenroom-heard', HeardProcessor)
