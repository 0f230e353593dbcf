export type WavHeader = Readonly<{
  /** Where the samples begin, and how many bytes of them there are; a stream does not know. */
  data_at: number
  data_bytes: number | undefined
  sample_rate: number
  /** Why it cannot be played, such as "24-bit". */
  unplayable?: string
}>

const LIMIT = 65_536
const PCM = 1
const EXTENSIBLE = 0xfffe
/** Sizes from here on are what a writer puts in who does not know yet. */
const UNKNOWN_SIZE = 0x7fff_0000

/** Reads the head of a RIFF file; nothing while more bytes are needed. Throws when there is no audio in it. */
export function readWavHeader(bytes: Uint8Array): WavHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let format: Omit<WavHeader, 'data_at' | 'data_bytes'> | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4))
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (name === 'data') {
      if (!format) break
      return { ...format, data_at: body, data_bytes: size === 0 || size >= UNKNOWN_SIZE ? undefined : size }
    }
    if (name === 'fmt ') {
      if (body + 16 > bytes.length) return undefined
      format = formatOf(view, body, size)
    }
    at = body + size + (size % 2)
    if (at > LIMIT) break
    if (at + 8 > bytes.length) return undefined
  }
  if (bytes.length < 20) return undefined
  throw new Error('the WAV has no sound in it')
}

function formatOf(view: DataView, at: number, size: number): Omit<WavHeader, 'data_at' | 'data_bytes'> {
  const tag = view.getUint16(at, true)
  const channels = view.getUint16(at + 2, true)
  const bits = view.getUint16(at + 14, true)
  const coding = tag === EXTENSIBLE && size >= 26 && at + 26 <= view.byteLength ? view.getUint16(at + 24, true) : tag
  const wrong = [
    coding === PCM ? undefined : 'not plain PCM',
    bits === 16 ? undefined : `${bits} bits`,
    channels === 1 ? undefined : `${channels} channels`,
  ].filter((part) => part !== undefined)
  return { sample_rate: view.getUint32(at + 4, true), ...(wrong.length > 0 && { unplayable: wrong.join(', ') }) }
}
