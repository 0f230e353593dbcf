import { AudioFrame, AudioResampler } from '@livekit/rtc-node'
import type { SpokenChunk } from '../../providers/tts/voice.ts'

/** Chunks of one stretch of speech as one; a stretch keeps its rate. */
export function concatenated(chunks: readonly SpokenChunk[]): SpokenChunk {
  const pcm = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.pcm.length, 0))
  let at = 0
  for (const chunk of chunks) {
    pcm.set(chunk.pcm, at)
    at += chunk.pcm.length
  }
  return { sample_rate: chunks[0]?.sample_rate ?? 0, pcm }
}

export function resampled(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to || pcm.length === 0) return pcm
  const resampler = new AudioResampler(from, to, 1)
  const frames = [...resampler.push(new AudioFrame(pcm.slice(), from, 1, pcm.length)), ...resampler.flush()]
  resampler.close()
  return concatenated(frames.map(({ data }) => ({ sample_rate: to, pcm: data }))).pcm
}

/** The loudest sample. */
export const peakOf = (pcm: Int16Array): number => pcm.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)
