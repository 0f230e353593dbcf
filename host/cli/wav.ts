import { StudioError } from '../../core/contract/errors.ts'

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe

/** Audio as one channel of samples in -1…1. */
export type Sound = Readonly<{ sample_rate: number; samples: Float32Array }>

/** Reads a WAV of any rate and number of channels (8, 16, 24, 32-bit PCM or 32-bit float) into one channel. Throws `malformed` or `unsupported`. */
export function readWav(bytes: Buffer): Sound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw notWav('it is not a WAV file')
  const format = chunkOf(bytes, 'fmt ')
  const data = chunkOf(bytes, 'data')
  if (!format || format.length < 16 || !data) throw notWav('it has no audio in it')
  const code = format.readUInt16LE(0)
  const kind = code === EXTENSIBLE && format.length >= 26 ? format.readUInt16LE(24) : code
  const [channels, sample_rate, bits] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)]
  const read = sampleReader(kind, bits)
  if (!read || channels < 1 || sample_rate < 1000) {
    throw new StudioError(
      'unsupported',
      `This WAV holds ${bits}-bit audio of kind ${kind}, which is not read`,
      'Convert it to 16-bit PCM, for example: ffmpeg -i in.wav -c:a pcm_s16le out.wav',
    )
  }
  const width = bits / 8
  const samples = new Float32Array(Math.floor(data.length / (width * channels)))
  for (let index = 0; index < samples.length; index++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += read(data, (index * channels + channel) * width)
    samples[index] = sum / channels
  }
  return { sample_rate, samples }
}

type ReadSample = (data: Buffer, at: number) => number

function sampleReader(kind: number, bits: number): ReadSample | undefined {
  if (kind === FLOAT && bits === 32) return (data, at) => data.readFloatLE(at)
  if (kind !== PCM) return undefined
  switch (bits) {
    case 8:
      return (data, at) => (data.readUInt8(at) - 128) / 128
    case 16:
    case 24:
    case 32:
      return (data, at) => data.readIntLE(at, bits / 8) / 2 ** (bits - 1)
    default:
      return undefined
  }
}

/** A chunk's content; one that says it is longer than the file (a recording that was cut off) ends with the file. */
function chunkOf(bytes: Buffer, name: string): Buffer | undefined {
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4)
    if (bytes.toString('latin1', at, at + 4) === name) return bytes.subarray(at + 8, Math.min(at + 8 + size, bytes.length))
    at += 8 + size + (size % 2)
  }
  return undefined
}

/** 16-bit samples at another rate: each is the mean of the stretch that it stands for (going down), or lies on the line between two (going up). */
export function toPcm16({ sample_rate, samples }: Sound, rate: number): Int16Array {
  const step = sample_rate / rate
  const pcm = new Int16Array(Math.floor(samples.length / step))
  for (let index = 0; index < pcm.length; index++) {
    const value = step > 1 ? meanOf(samples, index * step, (index + 1) * step) : between(samples, index * step)
    pcm[index] = Math.round(Math.max(-1, Math.min(1, value)) * 32767)
  }
  return pcm
}

function meanOf(samples: Float32Array, from: number, to: number): number {
  let [sum, weight] = [0, 0]
  for (let index = Math.floor(from); index < Math.min(to, samples.length); index++) {
    const share = Math.min(to, index + 1) - Math.max(from, index)
    sum += (samples[index] ?? 0) * share
    weight += share
  }
  return weight > 0 ? sum / weight : 0
}

function between(samples: Float32Array, at: number): number {
  const index = Math.floor(at)
  const left = samples[index] ?? 0
  return left + ((samples[index + 1] ?? left) - left) * (at - index)
}

/** A WAV file of 16-bit mono PCM. */
export function writeWav(pcm: Int16Array, sample_rate: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + pcm.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(PCM, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sample_rate, 24)
  header.writeUInt32LE(sample_rate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(pcm.byteLength, 40)
  return Buffer.concat([header, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)])
}

const notWav = (why: string): StudioError =>
  new StudioError('malformed', `This file cannot be played to the agent: ${why}`, 'Give a WAV file.')
