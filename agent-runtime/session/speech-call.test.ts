import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'
import { openTestPage, rms } from './testing/test-page.ts'

const models = process.env['GREENROOM_TEST_MODELS']
const hasModels = models !== undefined && existsSync(models)
if (!hasModels) console.log('skipped: calls with the built-in speech need GREENROOM_TEST_MODELS')

let espeak: StartedEngine
let runtime: RuntimeProcess
let server: OpenAiTestServer
beforeAll(async () => {
  ;[espeak, runtime, server] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(),
    startOpenAiServer({ key: 'sk-right', transcripts: ['Good morning to you.', 'And good night.'] }),
  ])
})
afterAll(async () => {
  await runtime.stop()
  espeak.child.kill()
  await server.close()
})

test.skipIf(!hasModels)('built-in speech: what was said is understood while it is said, and answered', async () => {
  const speech = await startEngine('speech', await newAddress(), models)
  const content = {
    ...interviewAgent,
    stt_config: { provider: 'builtin' },
    tts_config: { provider: 'builtin' },
    turn_config: { turn_detection: 'eot' },
  }
  const call = runtime.start(content, { modality: 'voice', engines: { builtin: speech.address } })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  await page.speak(await callerVoice(speech.address, 'I have worked for three years on an audio engine.'))
  const { turn_id, spoken } = await call.event('turn.committed', () => true, 2)
  const heard = await call.event('transcript.final', (event) => event.turn_id === turn_id)
  expect(heard.text.toLowerCase()).toContain('three years on an audio engine')
  expect(spoken).toContain(heard.text.split(' ').slice(0, 4).join(' '))
  expect(call.events.some(({ type }) => type === 'transcript.interim')).toBe(true)
  expect((await call.event('eot.prediction')).probability).toBeLessThan(1)
  expect(rms(page.audio())).toBeGreaterThan(500)
  // What rehearsal fills in asks nothing of the voice.
  expect(call.events.filter(({ type }) => type === 'notice')).toEqual([])
  await page.close()
  await call.end()
  speech.child.kill()
})

const overHttp = { provider: 'openai-compatible', api_key: 'env:K', model: 'local-model' }

test('an OpenAI-compatible STT and TTS: audio goes up as WAV, speech comes down styled by the field', async () => {
  const remote = { ...overHttp, base_url: server.base_url }
  const content = { ...interviewAgent, stt_config: remote, tts_config: remote }
  const call = runtime.start(content, { modality: 'voice', secrets: { 'env:K': 'sk-right' } })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  await page.speak(await callerVoice(espeak.address, 'Good morning to you.'))
  const { spoken } = await call.event('turn.committed', () => true, 2)
  expect(spoken).toContain('Good morning to you')
  expect(rms(page.audio())).toBeGreaterThan(2000)
  const [transcription] = server.requests.filter(({ path }) => path === '/v1/audio/transcriptions')
  expect(transcription?.bytes).toBeGreaterThan(16_000)
  const speech = server.requests.findLast(({ path }) => path === '/v1/audio/speech')
  expect(speech).toMatchObject({
    authorization: 'Bearer sk-right',
    body: { instructions: 'Calm, friendly and clear.', response_format: 'pcm' },
  })
  await page.close()
  await call.end()
})

test('a TTS and an STT that fail are told, and the call goes on', async () => {
  const failing = { ...overHttp, base_url: server.base_url, model: 'fault-429' }
  const content = { ...interviewAgent, stt_config: { ...failing, model: 'fault-500' }, tts_config: failing }
  const call = runtime.start(content, {
    modality: 'voice',
    secrets: { 'env:K': 'sk-right' },
    engines: { espeak: espeak.address },
  })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  const greeting = await call.event('turn.committed')
  // Another voice is better than none.
  expect(greeting.spoken).toBe('Hello Ana, shall we begin?')
  expect(await call.event('provider.fallback')).toMatchObject({
    kind: 'tts',
    to: 'eSpeak NG',
    reason: expect.stringMatching(/refuses more requests for now \(429\)/) as string,
    turn_id: greeting.turn_id,
  })
  const hello = await callerVoice(espeak.address, 'Good morning to you.')
  await page.speak(hello)
  const notHeard = await call.event('session.error', ({ source }) => source === 'stt')
  expect(notHeard.error.message).toMatch(/fault of its own \(500\)/)
  expect(await call.event('turn.committed', () => true, 2)).toMatchObject({
    turn_id: notHeard.turn_id,
    spoken: 'Sorry, I did not get that through. Could you say it again?',
  })
  call.configure(2, { ...interviewAgent, stt_config: { ...overHttp, base_url: server.base_url } })
  await call.event('config.changed')
  await page.speak(hello)
  const answer = await call.event('turn.committed', () => true, 3)
  expect(answer.spoken).not.toBe('')
  await page.close()
  await call.end()
})
