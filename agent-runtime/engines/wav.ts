/** The samples of a PCM16 mono RIFF file. Throws when it is another kind of file. */
export function readWav(bytes: Uint8Array): { sample_rate: number; pcm: Int16Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.byteLength < 44 || text(bytes, 0) !== 'RIFF' || text(bytes, 8) !== 'WAVE') throw new Error('not a WAV file')
  let sample_rate = 0
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (text(bytes, at) === 'fmt ') sample_rate = view.getUint32(body + 4, true)
    if (text(bytes, at) === 'data') {
      const end = Math.min(body + size, bytes.byteLength)
      return { sample_rate, pcm: new Int16Array(new Uint8Array(bytes.subarray(body, end - ((end - body) % 2))).buffer) }
    }
    at = body + size + (size % 2)
  }
  throw new Error('the WAV file holds no audio')
}

const text = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
