export type CaptureFormat = Readonly<{
  /** Hz, of what comes in and of what goes out. */ from: number
  to: number
  frameSamples: number
}>

/**
 * Cuts a stream of float samples into PCM16 frames; another rate is resampled by linear interpolation. The format is an argument,
 * and not read from the contract, so that the audio thread does not load the contract's validation.
 */
export function createCaptureFramer(format: CaptureFormat, onFrame: (frame: Int16Array<ArrayBuffer>, level: number) => void) {
  const step = format.from / format.to
  const { frameSamples } = format
  let frame = new Int16Array(frameSamples)
  let filled = 0
  let energy = 0
  /** Where the next output sample lies in the coming block, in input samples. */
  let next = 0
  let previous = 0

  const put = (value: number) => {
    const clamped = Math.max(-1, Math.min(1, value))
    frame[filled++] = clamped < 0 ? clamped * 32_768 : clamped * 32_767
    energy += clamped * clamped
    if (filled < frameSamples) return
    onFrame(frame, Math.sqrt(energy / frameSamples))
    frame = new Int16Array(frameSamples)
    filled = 0
    energy = 0
  }

  const resample = (block: Float32Array) => {
    const at = (index: number) => (index < 0 ? previous : (block[index] ?? 0))
    for (; next <= block.length - 1; next += step) {
      const left = Math.floor(next)
      put(at(left) + (at(Math.min(left + 1, block.length - 1)) - at(left)) * (next - left))
    }
    next -= block.length
    previous = block[block.length - 1] ?? 0
  }

  return {
    push(block: Float32Array): void {
      if (step === 1) for (const sample of block) put(sample)
      else resample(block)
    },
  }
}
