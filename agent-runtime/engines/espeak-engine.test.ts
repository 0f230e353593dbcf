import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connectEngine } from './engine-client.ts'
import type { EngineClient, SpeechChunk } from './engine-client.ts'
import { newAddress, startEngine } from './testing/start-engine.ts'
import type { StartedEngine } from './testing/start-engine.ts'

let engine: StartedEngine
let client: EngineClient
beforeAll(async () => {
  engine = await startEngine('espeak', await newAddress())
  client = connectEngine(engine.address)
})
afterAll(() => {
  client.close()
  engine.child.kill()
})

async function say(text: string, options: { voice?: string; speed?: number; signal?: AbortSignal } = {}): Promise<SpeechChunk[]> {
  const chunks: SpeechChunk[] = []
  for await (const chunk of client.synthesize(text, { voice: '', speed: 1, ...options })) chunks.push(chunk)
  return chunks
}
const seconds = (chunks: SpeechChunk[]) => chunks.reduce((sum, { pcm, sample_rate }) => sum + pcm.length / sample_rate, 0)
const loudness = ({ pcm }: SpeechChunk) => Math.sqrt(pcm.reduce((sum, sample) => sum + sample ** 2, 0) / pcm.length)

test('speaks sentence by sentence, audibly', async () => {
  const chunks = await say('Good morning. How can I help you today?')
  expect(chunks).toHaveLength(2)
  for (const chunk of chunks) expect(loudness(chunk)).toBeGreaterThan(500)
  expect(chunks[0]?.sample_rate).toBe(22050)
})

test('speed changes the length; a line that looks like an option is spoken', async () => {
  const line = '--version is what you asked for, is it not'
  const [normal, fast] = await Promise.all([say(line), say(line, { speed: 2 })])
  expect(seconds(normal)).toBeGreaterThan(1.5)
  expect(seconds(fast)).toBeLessThan(seconds(normal) * 0.75)
})

test('marks and emoji alone are nothing to say', async () => {
  expect(await say('**  ** 🎉 --- `` #')).toEqual([])
})

test('another language speaks, an unknown voice says which there are', async () => {
  expect(await say('Guten Tag', { voice: 'de' })).toHaveLength(1)
  await expect(say('Hello', { voice: 'nobody' })).rejects.toMatchObject({
    code: 'provider_failed',
    message: expect.stringContaining('en-gb-scotland') as string,
  })
})

test('cancelled between sentences, the rest is not spoken and others go on', async () => {
  const stop = new AbortController()
  const spoken: SpeechChunk[] = []
  const long = (async () => {
    for await (const chunk of client.synthesize('One sentence. '.repeat(500), { voice: '', speed: 1, signal: stop.signal })) {
      spoken.push(chunk)
      stop.abort(new Error('the caller spoke'))
    }
  })()
  await expect(long).rejects.toThrow('the caller spoke')
  expect(spoken).toHaveLength(1)
  expect(await say('Still here.')).toHaveLength(1)
})

test('cannot listen, and says so', async () => {
  await expect(client.transcribe(new Int16Array(1600), { language: 'en', model: '' })).rejects.toMatchObject({
    code: 'provider_failed',
  })
})

test('without the token nothing is served', async () => {
  for (const first of [
    '{"type":"synthesize","id":1,"text":"hi","voice":"","speed":1}',
    '{"type":"hello","token":"x"}',
    'rubbish',
  ]) {
    const socket = new WebSocket('ws://engine/', { createConnection: () => connect(engine.address.path) })
    socket.on('open', () => socket.send(first))
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(4401)
  }
  const intruder = connectEngine({ ...engine.address, token: 'wrong' })
  const refused = async () => {
    for await (const _chunk of intruder.synthesize('hi', { voice: '', speed: 1 })) continue
  }
  await expect(refused()).rejects.toMatchObject({ code: 'runtime_failed' })
  intruder.close()
})

test('killed, it is found again when the host has started another', async () => {
  expect(await say('Before.')).toHaveLength(1)
  engine.child.kill('SIGKILL')
  await engine.ended
  const after = say('After.')
  engine = await startEngine('espeak', engine.address)
  expect(await after).toHaveLength(1)
})

test('ends when the host is gone', async () => {
  const other = await startEngine('espeak', await newAddress())
  other.child.disconnect()
  await other.ended
})
