import { createCaptureFramer, type CaptureFormat } from './capture-framer.ts'

declare const sampleRate: number
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(
  name: string,
  processor: new (options: Readonly<{ processorOptions: Omit<CaptureFormat, 'from'> }>) => AudioWorkletProcessor,
): void

/** Runs on the audio thread: microphone samples in, PCM16 frames with their level out. Ends when its port is told `stop`. */
class CaptureProcessor extends AudioWorkletProcessor {
  private readonly framer
  private running = true

  constructor({ processorOptions }: Readonly<{ processorOptions: Omit<CaptureFormat, 'from'> }>) {
    super()
    this.framer = createCaptureFramer({ ...processorOptions, from: sampleRate }, (frame, level) =>
      this.port.postMessage({ frame: frame.buffer, level }, [frame.buffer]),
    )
    this.port.onmessage = () => {
      this.running = false
    }
  }

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = inputs[0]?.[0]
    if (channel) this.framer.push(channel)
    return this.running
  }
}

registerProcessor('greenroom-capture', CaptureProcessor)
