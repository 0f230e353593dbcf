import { describe, expect, test } from 'vitest'
import { readWav, toPcm16, writeWav } from './wav.ts'

const tone = (rate: number, hertz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate))

/** A WAV with any format, made by hand. */
function makeWav(kind: number, bits: number, channels: number, rate: number, data: Buffer): Buffer {
  const bytes = writeWav(new Int16Array(0), rate)
  bytes.writeUInt16LE(kind, 20)
  bytes.writeUInt16LE(channels, 22)
  bytes.writeUInt16LE(bits, 34)
  bytes.writeUInt32LE(data.length, 40)
  return Buffer.concat([bytes, data])
}

const rms = (pcm: Int16Array): number => Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length) / 32768

describe('a WAV', () => {
  test('that is written reads as what it was', () => {
    const pcm = Int16Array.from([0, 1, -1, 32767, -32768])
    const { sample_rate, samples } = readWav(writeWav(pcm, 24_000))
    expect(sample_rate).toBe(24_000)
    expect([...samples].map((value) => Math.round(value * 32768))).toEqual([...pcm])
  })

  test.each([
    [1, 8, Buffer.from([128 + 64, 128 - 64])],
    [1, 16, Buffer.from(Int16Array.of(16384, -16384).buffer)],
    [1, 24, Buffer.from([0, 0, 0x40, 0, 0, 0xc0])],
    [1, 32, Buffer.from(Int32Array.of(2 ** 30, -(2 ** 30)).buffer)],
    [3, 32, Buffer.from(Float32Array.of(0.5, -0.5).buffer)],
  ])('of kind %i with %i bits is read', (kind, bits, data) => {
    expect([...readWav(makeWav(kind, bits, 1, 8000, data)).samples]).toEqual([0.5, -0.5])
    expect([...readWav(makeWav(kind, bits, 2, 8000, data)).samples]).toEqual([0])
  })

  test('may have other chunks, and an end that was cut off', () => {
    const whole = writeWav(Int16Array.of(1, 2, 3), 16_000)
    const list = Buffer.from('LIST\u0003\0\0\0abc\0', 'latin1')
    expect(readWav(Buffer.concat([whole.subarray(0, 12), list, whole.subarray(12)])).samples).toHaveLength(3)
    expect(readWav(whole.subarray(0, -2)).samples).toHaveLength(2)
  })

  test.each([
    ['', 'not a WAV'],
    ['RIFF....WAVE', 'no audio'],
    ['OggS'.padEnd(100), 'not a WAV'],
  ])('%j is refused', (text, why) => {
    expect(() => readWav(Buffer.from(text))).toThrow(why)
  })

  test('of a packed kind is refused with the way out', () => {
    expect(() => readWav(makeWav(7, 8, 1, 8000, Buffer.alloc(8)))).toThrow('kind 7')
  })
})

describe('another rate', () => {
  test.each([8000, 16_000, 22_050, 44_100, 48_000])('from %i Hz keeps length and loudness', (rate) => {
    const pcm = toPcm16({ sample_rate: rate, samples: tone(rate, 440, 1) }, 16_000)
    expect(Math.abs(pcm.length - 16_000)).toBeLessThan(2)
    expect(rms(pcm)).toBeCloseTo(0.5 / Math.SQRT2, 1)
  })

  test('leaves little of what the lower rate cannot hold', () => {
    expect(rms(toPcm16({ sample_rate: 48_000, samples: tone(48_000, 16_000, 1) }, 16_000))).toBeLessThan(0.05)
  })
})
