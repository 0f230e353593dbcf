import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { deepgramDialect } from '../providers/testing/stt/dialects.ts'
import { startSttSocketServer, type SttSocketServer } from '../providers/testing/stt/socket-server.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'
import { openTestPage } from './testing/test-page.ts'

const KEY = 'key-0123456789abcdef'
const SENTENCES = ['Good morning to you.', 'I work on audio.', 'Can you hear me?', 'Goodbye then.']
const SAMPLES_PER_WORD = 4000

let espeak: StartedEngine
let runtime: RuntimeProcess
let server: SttSocketServer
/** Utterances whose last words were asked for. */
let sentence = 0
const hear = (pcm: Int16Array): string =>
  (SENTENCES[sentence] ?? '')
    .split(' ')
    .slice(0, Math.floor(pcm.length / SAMPLES_PER_WORD))
    .join(' ')

beforeAll(async () => {
  ;[espeak, runtime, server] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(),
    startSttSocketServer(deepgramDialect, { key: KEY, hear }),
  ])
})
afterAll(async () => {
  await runtime.stop()
  espeak.child.kill()
  await server.close()
})

test('a caller is heard while speaking; a lost connection costs no turn, and a save does not open another', async () => {
  const content = { ...interviewAgent, stt_config: { provider: 'deepgram', base_url: server.url, api_key: 'env:K' } }
  const call = runtime.start(content, { modality: 'voice', engines: { espeak: espeak.address }, secrets: { 'env:K': KEY } })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  // Without a pause, or it would be two utterances.
  const said = await callerVoice(espeak.address, 'Good morning to you and here is some more of it')
  const turns: string[] = []
  const speak = async (): Promise<{ t0: number; t1: number; t2: number }> => {
    const text = SENTENCES[sentence] ?? ''
    await page.speak(said)
    const { turn_id } = await call.event('transcript.final', (event) => event.text === text)
    turns.push(turn_id)
    await call.event('output.done', (event) => event.turn_id === turn_id)
    // Nobody has to hear all of it.
    call.send({ type: 'interrupt', session_id: call.session_id })
    const { times } = await call.event('turn.committed', (event) => event.turn_id === turn_id)
    sentence += 1
    const { t0 = NaN, t1 = NaN, t2 = NaN } = times
    return { t0, t1, t2 }
  }

  const { t0, t1, t2 } = await speak()
  expect([t0, t1, t2]).toEqual([t0, t1, t2].toSorted((a, b) => a - b))
  const shown = call.events.findIndex(({ type }) => type === 'transcript.interim')
  const final = call.events.findIndex(({ type }) => type === 'transcript.final')
  expect(shown).toBeGreaterThanOrEqual(0)
  expect(shown).toBeLessThan(final)
  expect(call.events[shown]).toMatchObject({ text: expect.stringMatching(/^Good/) as string })

  // Nobody speaks, and the connection goes.
  server.drop()
  await speak()
  expect(server.connections).toHaveLength(2)

  // It goes in the middle of a sentence.
  server.drop()
  await Promise.all([server.dropAfter(10_000), speak()])
  expect(server.connections).toHaveLength(4)

  const before = server.connections.length
  call.configure(2, { ...content, prompt_config: { instructions: 'Listen well.' } })
  await call.event('config.changed')
  await speak()
  expect(server.connections).toHaveLength(before)
  expect(new Set(turns).size).toBe(4)
  expect(call.events.filter(({ type }) => type === 'session.error')).toEqual([])

  const last = server.connections.at(-1)
  await page.close()
  await call.end()
  await last?.closed
  expect(last?.texts.at(-1)).toBe('{"type":"CloseStream"}')
  expect(server.open()).toBe(0)
})

test('an STT that refuses the key is told at once, and the call goes on with a right one', async () => {
  sentence = 0
  const stt = { provider: 'deepgram', base_url: server.url, api_key: 'env:K' }
  const content = { ...interviewAgent, stt_config: { ...stt, api_key: 'env:WRONG' } }
  const call = runtime.start(content, {
    modality: 'voice',
    engines: { espeak: espeak.address },
    secrets: { 'env:K': KEY, 'env:WRONG': 'key-wrong-123456' },
  })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  const hello = await callerVoice(espeak.address, 'Good morning to you, and here is some more of it.')
  await page.speak(hello)
  const { error } = await call.event('session.error', ({ source }) => source === 'stt')
  expect(error.message).toBe('The STT (Deepgram) does not accept the key of env:WRONG (401)')
  expect(JSON.stringify(call.events)).not.toContain('key-wrong')
  call.configure(2, { ...content, stt_config: stt })
  await call.event('config.changed')
  await page.speak(hello)
  expect(await call.event('transcript.final')).toMatchObject({ text: 'Good morning to you.' })
  await page.close()
  await call.end()
})
