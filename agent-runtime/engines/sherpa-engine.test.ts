import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { newAddress, startEngine } from './testing/start-engine.ts'
import type { StartedEngine } from './testing/start-engine.ts'

const models_dir = process.env['GREENROOM_TEST_MODELS']

test('without models it says what is missing and ends', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'no models '))
  await expect(startEngine('speech', await newAddress(), empty)).rejects.toThrow(/no built-in stt or tts models in .*fetch them/)
})

/** Built-in speech with its real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(models_dir === undefined)('built-in speech', () => {
  let engine: StartedEngine
  let client: EngineClient
  beforeAll(async () => {
    engine = await startEngine('speech', await newAddress(), models_dir)
    client = connectEngine(engine.address)
  })
  afterAll(() => {
    client.close()
    engine.child.kill()
  })

  async function say(
    text: string,
    options: { voice?: string; speed?: number } = {},
  ): Promise<{ pcm: Int16Array; sentences: number }> {
    const parts: number[] = []
    let count = 0
    for await (const { pcm, sample_rate } of client.synthesize(text, { voice: '', speed: 1, ...options })) {
      parts.push(...to16k(pcm, sample_rate))
      count += 1
    }
    return { pcm: Int16Array.from(parts), sentences: count }
  }
  const hear = (pcm: Int16Array, signal?: AbortSignal) =>
    client.transcribe(pcm, { language: 'en', model: '', ...(signal ? { signal } : {}) })
  const words = (text: string) => text.toLowerCase().replace(/[^a-z' ]/g, '')

  test('understands what it has said itself', async () => {
    const { pcm } = await say('My favourite project was a small weather station in the garden.')
    expect(words(await hear(pcm))).toMatch(/favou?rite project was a small weather station in the garden/)
  })

  test('Markdown, tags and emoji are not read out', async () => {
    const { pcm } = await say('# **Good** morning, 🎉 <b>please</b> open the `door` & come in.')
    expect(words(await hear(pcm))).toBe('good morning please open the door and come in')
  })

  test('nothing, silence and marks alone are answered with nothing', async () => {
    expect(await hear(new Int16Array(0))).toBe('')
    expect(await hear(new Int16Array(16_000))).toBe('')
    expect((await say('** 🎉 **')).sentences).toBe(0)
    expect((await say('日本語')).sentences).toBe(0)
  })

  test('more than half a minute is understood to its end', async () => {
    const sentence = 'The quick brown fox jumps over the lazy dog near the river bank. '
    const { pcm } = await say(sentence.repeat(12))
    expect(pcm.length).toBeGreaterThan(30 * 16_000)
    expect(words(await hear(pcm)).match(/lazy dog/g)?.length).toBeGreaterThanOrEqual(11)
  })

  test('parallel callers each get their own answer; a cancelled one leaves the others alone', async () => {
    const second = connectEngine(engine.address)
    const [{ pcm: red }, { pcm: green }] = await Promise.all([say('The red house.'), say('The green tree.')])
    const stop = new AbortController()
    const cancelled = hear(red, stop.signal)
    stop.abort(new Error('enough'))
    await expect(cancelled).rejects.toThrow('enough')
    const [a, b] = await Promise.all([hear(red), second.transcribe(green, { language: 'en', model: 'tiny.en' })])
    expect(words(a)).toContain('red house')
    expect(words(b)).toContain('green tree')
    second.close()
  })

  test('an unknown voice or model is named with those that are there', async () => {
    await expect(say('Hi', { voice: 'nobody' })).rejects.toMatchObject({
      message: expect.stringContaining('piper-en_US-joe') as string,
    })
    await expect(client.transcribe(new Int16Array(1600), { language: 'en', model: 'large' })).rejects.toThrow('whisper-tiny.en')
  })

  test('killed while it listens, the request is answered by the next one', async () => {
    const { pcm } = await say('After the storm the sun came out.')
    engine.child.kill('SIGKILL')
    await engine.ended
    const heard = hear(pcm)
    engine = await startEngine('speech', engine.address, models_dir)
    expect(words(await heard)).toContain('the sun came out')
  })
})

/** Linear resampling is enough for a voice that Whisper knows well. */
function to16k(pcm: Int16Array, rate: number): number[] {
  return Array.from({ length: Math.floor((pcm.length * 16_000) / rate) }, (_, i) => {
    const at = (i * rate) / 16_000
    const left = pcm[Math.floor(at)] ?? 0
    return Math.round(left + ((pcm[Math.floor(at) + 1] ?? left) - left) * (at % 1))
  })
}
