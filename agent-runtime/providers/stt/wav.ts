import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'

/** PCM16 mono as a WAV file. */
export function toWav(pcm: Int16Array, sample_rate: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + pcm.byteLength)
  const view = new DataView(bytes.buffer)
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at)
  text(0, 'RIFF')
  view.setUint32(4, 36 + pcm.byteLength, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sample_rate, true)
  view.setUint32(28, sample_rate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, pcm.byteLength, true)
  bytes.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), 44)
  return bytes
}

/** An utterance as a file for an upload. */
export const wavFile = (pcm: Int16Array): Blob => new Blob([toWav(pcm, UP_SAMPLE_RATE)], { type: 'audio/wav' })
