/** What the first bytes of an answer are; nothing while there are too few of them to say. */
export type SoundKind = 'pcm' | 'wav' | 'text' | 'MP3' | 'Ogg' | 'FLAC' | 'AAC' | 'WebM'

/** Enough to tell text. */
const LEAST = 16
/** Enough to see two frames of an MP3. */
const ENOUGH = 1500
const COMPRESSED: readonly (readonly [RegExp, SoundKind])[] = [
  [/mpeg|mp3/, 'MP3'],
  [/ogg|opus/, 'Ogg'],
  [/flac/, 'FLAC'],
  [/aac|mp4/, 'AAC'],
  [/webm/, 'WebM'],
]

export function soundKind(bytes: Uint8Array, content_type: string, ended: boolean): SoundKind | undefined {
  const type = content_type.toLowerCase()
  const start = String.fromCharCode(...bytes.subarray(0, 4))
  if (bytes.length < LEAST && !ended) return undefined
  if (start === 'RIFF') return 'wav'
  if (start.startsWith('ID3')) return 'MP3'
  if (start === 'OggS') return 'Ogg'
  if (start === 'fLaC') return 'FLAC'
  if (start === '\x1aE\xdf\xa3') return 'WebM'
  const compressed = COMPRESSED.find(([pattern]) => pattern.test(type))
  if (compressed) return compressed[1]
  if (/^(?:text\/|application\/json)/.test(type) || looksLikeText(bytes)) return 'text'
  const frame = mp3Frame(bytes, 0)
  if (frame === 0) return 'pcm'
  if (bytes.length < frame + 4) return ended || bytes.length >= ENOUGH ? 'pcm' : undefined
  return mp3Frame(bytes, frame) > 0 ? 'MP3' : 'pcm'
}

/** Samples have zeros and high bytes among them. */
const looksLikeText = (bytes: Uint8Array) =>
  bytes.length >= 8 &&
  bytes.subarray(0, 64).every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13 || byte === 9)

const KBPS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const KBPS_LOW = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const RATES = [44_100, 48_000, 32_000]

/** The length of the MPEG layer III frame that begins here, 0 for none: two bytes alone could be a sample. */
function mp3Frame(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3)
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || (second & 0x06) !== 0x02) return 0
  const version = (second >> 3) & 3
  const kbps = (version === 3 ? KBPS : KBPS_LOW)[third >> 4]
  const rate = RATES[(third >> 2) & 3]
  if (version === 1 || !kbps || !rate) return 0
  const slower = version === 3 ? 1 : version === 2 ? 2 : 4
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / (rate / slower)) + ((third >> 1) & 1)
}
