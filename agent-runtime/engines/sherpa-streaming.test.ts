import { mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectEngine } from './engine-client.ts'
import { createRecording } from './recording.ts'
import { loadStreamingRecognizer } from './sherpa-streaming.ts'
import type { SpeechModel } from './speech-models.ts'
import { newAddress, startEngine } from './testing/start-engine.ts'
import { writeTinyTransducer } from './testing/tiny-transducer.ts'

const model = async (): Promise<SpeechModel & { kind: 'stt' }> => {
  const folder = await mkdtemp(join(tmpdir(), 'streaming ü '))
  await writeTinyTransducer(folder)
  const parts = { encoder: 'encoder-chunk-16-left-64.onnx', decoder: 'decoder.onnx', joiner: 'joiner.onnx', tokens: 'tokens.txt' }
  return { model_id: 'tiny', folder, kind: 'stt', family: 'streaming-transducer', parts, languages: ['en'], voices: [] }
}
const loud = (seconds: number) =>
  Int16Array.from({ length: seconds * 16_000 }, (_, at) => Math.round(12_000 * Math.sin(at * (0.3 + 0.2 * Math.sin(at / 40)))))

test('words are shown while somebody speaks, and the last ones come when they have ended', async () => {
  const listen = loadStreamingRecognizer(await model())
  const shown: string[] = []
  const hearing = listen((text) => shown.push(text))
  for (let at = 0; at < 16_000; at += 320) hearing.push(loud(1).subarray(at, at + 320))
  expect(shown).toEqual(['one'])
  expect(hearing.finish()).toBe('one two')
})

test('nothing heard is nothing said; two callers do not hear each other', async () => {
  const listen = loadStreamingRecognizer(await model())
  const [first, second] = [listen(() => undefined), listen(() => undefined)]
  first.push(new Int16Array(0))
  second.push(loud(1))
  expect(first.finish()).toBe('')
  expect(second.finish()).toBe('one two')
})

test('over the socket, from an engine that has nothing else; a model that arrives later is found', async () => {
  const models_dir = await mkdtemp(join(tmpdir(), 'models ü '))
  await writeTinyTransducer(join(models_dir, 'stt', 'tiny'))
  const engine = await startEngine('speech', await newAddress(), models_dir)
  const client = connectEngine(engine.address)
  const hear = async (model: string) => {
    const shown: string[] = []
    const recording = createRecording()
    const heard = client.listen(recording, { language: 'en', model, onInterim: (text) => shown.push(text) })
    recording.push(loud(1))
    recording.end()
    return { heard: await heard, shown }
  }
  expect(await hear('')).toEqual({ heard: 'one two', shown: ['one'] })
  await expect(hear('later')).rejects.toThrow('there are: tiny')
  await writeTinyTransducer(join(models_dir, '.incoming'))
  await rename(join(models_dir, '.incoming'), join(models_dir, 'stt', 'later'))
  expect((await hear('later')).heard).toBe('one two')
  expect(await client.transcribe(loud(1), { language: 'en', model: 'tiny' })).toBe('one two')
  client.close()
  engine.child.kill()
})
