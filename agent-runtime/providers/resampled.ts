import { AudioFrame, AudioResampler } from '@livekit/rtc-node'
import { joinPcm } from '../../core/join-pcm.ts'

/** A whole stretch of PCM at another rate. */
export function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  const resampler = new AudioResampler(from, to, 1)
  // The native side reads from the start of the underlying buffer.
  const own = pcm.byteLength === pcm.buffer.byteLength ? pcm : pcm.slice()
  const parts = [...resampler.push(new AudioFrame(own, from, 1, own.length)), ...resampler.flush()].map(({ data }) =>
    data.slice(),
  )
  resampler.close()
  return joinPcm(parts)
}
