/** A ring buffer of PCM16 samples that doubles when full; reading and writing allocate nothing else (it runs on the audio thread). */
export type SampleRing = Readonly<{
  write: (pcm: Int16Array) => void
  /** Moves `count` samples into `out` from `offset`, scaled to -1…1; the caller knows that they are there. */
  read: (out: Float32Array, offset: number, count: number) => void
  skip: (count: number) => void
  length: () => number
}>

const SECOND = 24_000

export function createSampleRing(capacity = 4 * SECOND): SampleRing {
  let samples = new Int16Array(capacity)
  let head = 0
  let length = 0

  const grow = (needed: number) => {
    let size = samples.length
    while (size < needed) size *= 2
    const bigger = new Int16Array(size)
    const untilEnd = Math.min(length, samples.length - head)
    bigger.set(samples.subarray(head, head + untilEnd))
    bigger.set(samples.subarray(0, length - untilEnd), untilEnd)
    samples = bigger
    head = 0
  }

  const skip = (count: number) => {
    head = (head + count) % samples.length
    length -= count
  }

  return {
    write(pcm) {
      if (length + pcm.length > samples.length) grow(length + pcm.length)
      const tail = (head + length) % samples.length
      const untilEnd = Math.min(pcm.length, samples.length - tail)
      samples.set(pcm.subarray(0, untilEnd), tail)
      samples.set(pcm.subarray(untilEnd), 0)
      length += pcm.length
    },
    read(out, offset, count) {
      for (let index = 0; index < count; index++) out[offset + index] = (samples[(head + index) % samples.length] ?? 0) / 32_768
      skip(count)
    },
    skip,
    length: () => length,
  }
}
