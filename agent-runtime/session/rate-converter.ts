import { AudioFrame, AudioResampler } from '@livekit/rtc-node'
import { DOWN_SAMPLE_RATE } from '../../core/contract/media.ts'

export const SPEECH_SAMPLE_RATE = DOWN_SAMPLE_RATE

/** Turns PCM of any rate into frames of one size at `SPEECH_SAMPLE_RATE`. One for each stretch of speech. */
export type RateConverter = Readonly<{
  push: (pcm: Int16Array, sample_rate: number) => Int16Array[]
  /** What is left; the last frame is filled up with silence. */
  end: () => Int16Array[]
}>

export function createRateConverter(frame_samples: number): RateConverter {
  let resampler: AudioResampler | undefined
  let rest = new Int16Array(0)

  const frames = (pcm: Int16Array): Int16Array[] => {
    const all = new Int16Array(rest.length + pcm.length)
    all.set(rest)
    all.set(pcm, rest.length)
    const count = Math.floor(all.length / frame_samples)
    rest = all.slice(count * frame_samples)
    return Array.from({ length: count }, (_, index) => all.slice(index * frame_samples, (index + 1) * frame_samples))
  }
  return {
    push(pcm, sample_rate) {
      if (sample_rate === SPEECH_SAMPLE_RATE) return frames(pcm)
      resampler ??= new AudioResampler(sample_rate, SPEECH_SAMPLE_RATE, 1)
      // The native side reads from the start of the underlying buffer: a view into a larger one would send the wrong samples.
      const own = pcm.byteLength === pcm.buffer.byteLength ? pcm : pcm.slice()
      return resampler.push(new AudioFrame(own, sample_rate, 1, own.length)).flatMap(({ data }) => frames(data))
    },
    end() {
      const last = resampler?.flush().flatMap(({ data }) => frames(data)) ?? []
      resampler?.close()
      if (rest.length === 0) return last
      const filled = new Int16Array(frame_samples)
      filled.set(rest)
      return [...last, filled]
    },
  }
}
