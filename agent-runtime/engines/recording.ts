/** An utterance as far as it was heard: kept whole, since a connection may be lost and what was said has to be sent again. */
export type Recording = Readonly<{
  push: (pcm: Int16Array) => void
  end: () => void
  ended: () => boolean
  /** Samples so far. */
  length: () => number
  slice: (from: number, to: number) => Int16Array
  /** Told of everything new; one at a time. */
  follow: (listener: (() => void) | undefined) => void
}>

const FIRST_SAMPLES = 16_000 * 8

export function createRecording(): Recording {
  let samples = new Int16Array(FIRST_SAMPLES)
  let length = 0
  let ended = false
  let tell: (() => void) | undefined
  return {
    push(pcm) {
      if (ended) return
      if (length + pcm.length > samples.length) {
        const larger = new Int16Array(Math.max(samples.length * 2, length + pcm.length))
        larger.set(samples.subarray(0, length))
        samples = larger
      }
      samples.set(pcm, length)
      length += pcm.length
      tell?.()
    },
    end() {
      ended = true
      tell?.()
    },
    ended: () => ended,
    length: () => length,
    slice: (from, to) => samples.slice(from, Math.min(to, length)),
    follow: (listener) => void (tell = listener),
  }
}
