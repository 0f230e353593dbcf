import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'
import { openTestPage, rms } from './testing/test-page.ts'

let engine: StartedEngine
let runtime: RuntimeProcess
beforeAll(async () => {
  ;[engine, runtime] = await Promise.all([newAddress().then((address) => startEngine('espeak', address)), startRuntime()])
})
afterAll(async () => {
  await runtime.stop()
  engine.child.kill()
})

const voiceCall = (content: Record<string, unknown> = interviewAgent, script: string[] = []) =>
  runtime.start(content, { modality: 'voice', engines: { espeak: engine.address }, script })

test('a caller speaks, the turn is found, JSON streams, and the answer is heard', async () => {
  const call = voiceCall(interviewAgent, ['I built an audio engine in Rust.'])
  await call.message('started')
  const page = await openTestPage(call.media_url)
  const greeting = await call.event('turn.committed')
  expect(greeting).toMatchObject({ spoken: 'Hello Ana, shall we begin?', interrupted: false })
  expect(rms(page.audio())).toBeGreaterThan(500)

  await page.speak(await callerVoice(engine.address, 'I built an audio engine in Rust.'))
  const answer = await call.event('turn.committed', ({ turn_id }) => turn_id !== greeting.turn_id)
  const { turn_id } = answer
  expect(await call.event('transcript.final')).toMatchObject({ turn_id, text: 'I built an audio engine in Rust.' })
  const output = await call.event('output.done', (event) => event.turn_id === turn_id)
  expect(output).toMatchObject({ parse: 'json', problems: [], output: { stage: 'intro' } })
  expect(answer.spoken).toBe(output.output['system_response'])
  const { t0 = NaN, t1 = NaN, t2 = NaN, t3 = NaN, t4 = NaN, t5 = NaN, t6 = NaN, t6_uncertainty_ms } = answer.times
  const order = [t0, t1, t2, t3, t4, t5, t6]
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(t6_uncertainty_ms).toBeLessThan(100)
  expect(answer.metrics).toMatchObject({
    end_of_turn_delay_ms: expect.any(Number) as number,
    e2e_latency_ms: expect.any(Number) as number,
  })
  expect(answer.usage.tts_characters).toBeGreaterThan(10)
  expect(call.events.filter(({ type }) => type === 'field.delta').length).toBeGreaterThan(3)
  await page.close()
  await call.end()
})
