import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../engines/engine-client.ts'
import { newAddress, startEngine, type StartedEngine } from '../../engines/testing/start-engine.ts'
import { toWav } from '../stt/wav.ts'
import { tone } from '../testing/tone.ts'
import { checkedSpeech } from './checked-speech.ts'
import type { SpokenChunk } from './voice.ts'

const context = { kind: 'tts', name: 'Test' } as const
const RATE = 24_000

async function* cut(bytes: Uint8Array, size: number, type: string) {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve({ bytes: bytes.subarray(at, at + size), type })
}
const read = (bytes: Uint8Array, { size = 777, type = 'audio/pcm', may_differ = false } = {}) =>
  Array.fromAsync(checkedSpeech(cut(bytes, size, type), { sample_rate: RATE, may_differ, context }))
const samples = (chunks: readonly SpokenChunk[]) => chunks.flatMap(({ pcm }) => [...pcm])
const bytesOf = (pcm: Int16Array) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)
const sine = tone(300, 0.7)
const sinePcm = new Int16Array(sine.buffer)

test.each([1, 2, 3, 13, 2401, 1_000_000])('raw PCM in pieces of %i bytes is what was sent', async (size) => {
  expect(samples(await read(sine, { size }))).toEqual([...sinePcm])
})

test('silence before the first sound stays a part of it', async () => {
  const late = bytesOf(new Int16Array(12_000 + sinePcm.length))
  late.set(sine, 24_000)
  const [first] = await read(late)
  expect(first?.pcm.some((sample) => sample !== 0)).toBe(true)
  expect(samples(await read(late))).toHaveLength(12_000 + sinePcm.length)
})

test('a last byte that is half a sample is left', async () => {
  expect(samples(await read(new Uint8Array([...sine, 7])))).toEqual([...sinePcm])
})

describe('WAV', () => {
  const wav = Buffer.from(toWav(sinePcm, 16_000))
  test.each([1, 5, 44, 1000])('in pieces of %i bytes: its header is not heard, and names the rate', async (size) => {
    const chunks = await read(wav, { size, type: 'audio/wav' })
    expect(samples(chunks)).toEqual([...sinePcm])
    expect(chunks[0]?.sample_rate).toBe(16_000)
  })
  test('although raw PCM was announced', async () => {
    expect((await read(wav))[0]?.sample_rate).toBe(16_000)
  })
  test('of a writer that did not know how long it would be, or whose sound is not the last of it', async () => {
    const endless = Buffer.from(wav)
    endless.writeUInt32LE(0xffff_ffff, 40)
    expect(samples(await read(endless))).toHaveLength(sinePcm.length)
    const listed = Buffer.concat([wav, Buffer.from('LIST'), Buffer.from([4, 0, 0, 0, 1, 2, 3, 4])])
    expect(samples(await read(listed))).toHaveLength(sinePcm.length)
  })
  test.each<[string, number, number]>([
    ['2 channels', 22, 2],
    ['24 bits', 34, 24],
    ['not plain PCM', 20, 3],
  ])('with %s is refused', async (what, at, value) => {
    const other = Buffer.from(wav)
    other.writeUInt16LE(value, at)
    await expect(read(other)).rejects.toThrow(`sent a WAV that cannot be played (${what})`)
  })
  test('that breaks off, or at an impossible rate, is refused', async () => {
    await expect(read(wav.subarray(0, 30))).rejects.toThrow('breaks off')
    const odd = Buffer.from(wav)
    odd.writeUInt32LE(96_000, 24)
    await expect(read(odd)).rejects.toThrow('at 96000 Hz')
  })
})

/** Two frames of 128 kbit/s at 44.1 kHz. */
const mp3 = Buffer.alloc(417 * 4)
for (let at = 0; at < mp3.length; at += 417) Buffer.from([0xff, 0xfb, 0x90, 0x00]).copy(mp3, at)

test.each<[string, Uint8Array, string, RegExp]>([
  ['MP3 by its type', sine, 'audio/mpeg', /sent MP3/],
  ['MP3 by its tag', Buffer.concat([Buffer.from('ID3\x04'), sine]), 'audio/pcm', /sent MP3/],
  ['MP3 by its frames', mp3, 'application/octet-stream', /sent MP3/],
  ['Ogg', Buffer.concat([Buffer.from('OggS'), sine]), 'audio/pcm', /sent Ogg/],
  ['FLAC', Buffer.concat([Buffer.from('fLaC'), sine]), 'audio/pcm', /sent FLAC/],
  ['a web page', Buffer.from('<html><body>It works!</body></html>'), 'text/html', /sent text/],
  ['JSON under another name', Buffer.from(JSON.stringify({ error: 'no such voice' })), 'audio/pcm', /sent text/],
  ['two channels', sine, 'audio/l16;rate=24000;channels=2', /sent 2 channels/],
  ['another rate', sine, 'audio/l16;rate=16000', /16000 Hz instead of 24000 Hz/],
  ['nothing', new Uint8Array(0), 'audio/pcm', /no sound/],
  ['silence', new Uint8Array(48_000), 'audio/pcm', /no sound/],
])('%s is told and never heard', async (_name, bytes, type, message) => {
  const heard: SpokenChunk[] = []
  const reading = async () => {
    for await (const chunk of checkedSpeech(cut(bytes, 3, type), { sample_rate: RATE, context })) heard.push(chunk)
  }
  await expect(reading()).rejects.toThrow(message)
  expect(samples(heard)).toEqual([])
})

test('a rate that could not be asked for is followed', async () => {
  expect((await read(sine, { type: 'audio/l16;rate=16000', may_differ: true }))[0]?.sample_rate).toBe(16_000)
})

const random = (length: number) => {
  let seed = 7
  return Uint8Array.from({ length }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) >> 12)
}
/** What a client hears that takes floats, or samples cut in the middle, for PCM16. */
const asFloats = new Uint8Array(Float32Array.from(sinePcm, (sample) => sample / 32_768).buffer)
const shifted = (bytes: Uint8Array) => bytes.subarray(1)

test.each([
  ['random bytes', random(48_000)],
  ['floats', asFloats],
  ['samples cut in the middle', shifted(sine)],
])('%s are noise: told, and not heard', async (_name, bytes) => {
  const heard: SpokenChunk[] = []
  const reading = async () => {
    for await (const chunk of checkedSpeech(cut(bytes, 4000, 'audio/pcm'), { sample_rate: RATE, context })) heard.push(chunk)
  }
  await expect(reading()).rejects.toThrow('sent noise instead of speech')
  expect(samples(heard)).toEqual([])
})

const models = process.env['GREENROOM_TEST_MODELS']
const hasModels = models !== undefined && existsSync(models)
if (!hasModels) console.log('skipped: real Piper speech needs GREENROOM_TEST_MODELS')

describe('real speech is never taken for noise', () => {
  const engines: StartedEngine[] = []
  beforeAll(async () => {
    engines.push(await startEngine('espeak', await newAddress()))
    if (hasModels) engines.push(await startEngine('speech', await newAddress(), models))
  })
  afterAll(() => engines.forEach(({ child }) => child.kill()))

  test('also where it hisses and is loud', async () => {
    for (const { address } of engines) {
      const engine = connectEngine(address)
      const text = 'She sells sea shells; hush, fish, fresh cheese! Six sixths. Tsk, pshaw, zigzag, fifth and sixth.'
      const chunks = await Array.fromAsync(engine.synthesize(text, { voice: '', speed: 1 }))
      engine.close()
      const pcm = samples(chunks)
      const loudest = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
      const loud = bytesOf(Int16Array.from(pcm, (sample) => Math.round((sample / loudest) * 32_767)))
      expect(samples(await read(loud))).toHaveLength(pcm.length)
    }
  })
})
