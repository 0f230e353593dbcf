import { AudioFrame, AudioResampler } from '@livekit/rtc-node'

/** A whole stretch of PCM at another rate. */
export function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  const resampler = new AudioResampler(from, to, 1)
  // The native side reads from the start of the underlying buffer.
  const own = pcm.byteLength === pcm.buffer.byteLength ? pcm : pcm.slice()
  const parts = [...resampler.push(new AudioFrame(own, from, 1, own.length)), ...resampler.flush()].map(({ data }) =>
    data.slice(),
  )
  resampler.close()
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
