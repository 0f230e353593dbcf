import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rehearsalPresets, sttPresets, ttsPresets } from '../../../core/providers/index.ts'
import { newAddress, startEngine, type StartedEngine } from '../../engines/testing/start-engine.ts'
import { callerVoice } from '../../session/testing/caller-voice.ts'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from '../../session/testing/runtime-process.ts'
import { openTestPage, rms } from '../../session/testing/test-page.ts'
import { seededRandom, skewedDelay } from './seeded-random.ts'

const models = process.env['GREENROOM_TEST_MODELS']
const hasModels = models !== undefined && existsSync(models)
if (!hasModels) console.log('skipped: a rehearsal that hears for real needs GREENROOM_TEST_MODELS')

let espeak: StartedEngine
let runtime: RuntimeProcess
beforeAll(async () => {
  ;[espeak, runtime] = await Promise.all([newAddress().then((address) => startEngine('espeak', address)), startRuntime()])
})
afterAll(async () => {
  await runtime.stop()
  espeak.child.kill()
})

const PACES = [
  ...rehearsalPresets.map((one) => [one.id, one.first_token_p50_ms, one.first_token_p95_ms] as const),
  ...[...sttPresets, ...ttsPresets].map((one) => [one.id, one.p50_ms, one.p95_ms] as const),
]
test.each(PACES)('%s: delays have its median and its 95th percentile', (_id, p50, p95) => {
  const random = seededRandom(7)
  const delays = Array.from({ length: 4000 }, () => skewedDelay(random, p50, p95)).sort((a, b) => a - b)
  const at = (share: number) => delays[Math.floor(delays.length * share)] ?? NaN
  expect(Math.abs(at(0.5) - p50)).toBeLessThanOrEqual(p50 * 0.05)
  expect(Math.abs(at(0.95) - p95)).toBeLessThanOrEqual(p95 * 0.08)
})

test('what is published has its source, and no two paces have the same name', () => {
  for (const presets of [sttPresets, ttsPresets]) {
    expect(presets.filter(({ source, id }) => id !== 'instant' && !source?.startsWith('https://'))).toEqual([])
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length)
  }
})

test('a rehearsed STT and TTS keep the pace of their presets in a call, and the script is what was said', async () => {
  const call = runtime.start(
    {
      ...interviewAgent,
      stt_config: { provider: 'rehearsal', model: 'google' },
      tts_config: { provider: 'rehearsal', model: 'cartesia-sonic-3' },
    },
    { modality: 'voice', engines: { espeak: espeak.address }, script: ['I like trains.'], what_if: { stt: 'google' } },
  )
  expect(await call.event('session.started')).toMatchObject({ what_if: { stt: 'google' }, providers: { stt: 'rehearsal' } })
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  await page.speak(await callerVoice(espeak.address, 'Any sentence at all.'))
  const { times, cost } = await call.event('turn.committed', () => true, 2)
  expect(await call.event('transcript.final')).toMatchObject({ text: 'I like trains.' })
  // Never below the tenth of the median that the distribution ends at; how much above is chance and the machine.
  expect((times.t1 ?? 0) - (times.t0 ?? 0)).toBeGreaterThan(300)
  expect(rms(page.audio())).toBeGreaterThan(500)
  expect(cost).toMatchObject([
    { kind: 'stt', provider: 'rehearsal', model: 'google', nano_usd: 0 },
    { kind: 'llm', provider: 'rehearsal', model: 'instant', nano_usd: 0 },
    { kind: 'tts', provider: 'rehearsal', model: 'cartesia-sonic-3', nano_usd: 0 },
  ])
  await page.close()
  await call.end()
})

test.skipIf(!hasModels)('where the built-in speech is, a rehearsed STT hears for real at its pace', async () => {
  const speech = await startEngine('speech', await newAddress(), models)
  const content = { ...interviewAgent, stt_config: { provider: 'rehearsal', model: 'deepgram-nova-3' } }
  const engines = { espeak: espeak.address, builtin: speech.address }
  const call = runtime.start(content, { modality: 'voice', engines })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  await page.speak(await callerVoice(speech.address, 'I have worked for three years on an audio engine.'))
  await call.event('turn.committed', () => true, 2)
  expect((await call.event('transcript.final')).text.toLowerCase()).toContain('three years on an audio engine')
  await page.close()
  await call.end()
  speech.child.kill()
})
