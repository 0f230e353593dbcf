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
  expect(t6_uncertainty_ms).toBeLessThan(1000)
  expect(answer.metrics).toMatchObject({
    end_of_turn_delay_ms: expect.any(Number) as number,
    e2e_latency_ms: expect.any(Number) as number,
  })
  expect(answer.usage.tts_characters).toBeGreaterThan(10)
  expect(call.events.filter(({ type }) => type === 'field.delta').length).toBeGreaterThan(3)
  await page.close()
  await call.end()
})

const LONG =
  'Tell me about your work and take your time, because there is a lot that I would like to know about it, about the team, the tools and the place.'

test('a caller who interrupts empties the loudspeaker at once, and only what was heard stays', async () => {
  const call = voiceCall({ ...interviewAgent, prompt_config: { instructions: 'Listen.', greeting: LONG } }, [
    'Stop, I have a question.',
  ])
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('agent.state', ({ state }) => state === 'speaking')
  await page.speak(new Int16Array(32_000))
  await page.speak(await callerVoice(engine.address, 'Excuse me but I have a question for you.'))
  const cut = await call.event('turn.committed')
  expect(cut.interrupted).toBe(true)
  expect(page.cleared()).toBeGreaterThan(0)
  expect(cut.spoken.length).toBeGreaterThan(10)
  expect(cut.spoken.length).toBeLessThan(LONG.length - 20)
  expect(LONG.startsWith(cut.spoken.trim())).toBe(true)
  const answer = await call.event('turn.committed', ({ interrupted }) => !interrupted)
  expect(answer.spoken).toContain('Stop, I have a question')
  await page.close()
  await call.end()
})

test('a change in the middle of a call is used by the next turn, voice and fields included', async () => {
  const call = voiceCall(interviewAgent, ['One.', 'Two.'])
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  const hello = await callerVoice(engine.address, 'Good morning, here I am.')
  call.configure(2, {
    ...interviewAgent,
    schema_config: { fields: [{ field_name: 'system_response', field_type: 'str' }] },
    turn_config: { turn_detection: 'vad', min_endpointing_delay_ms: 400 },
  })
  expect(await call.event('config.changed')).toMatchObject({ revision: 2 })
  await page.speak(hello)
  const second = await call.event('turn.committed', () => true, 2)
  expect(await call.event('turn.started', ({ turn_id }) => turn_id === second.turn_id)).toMatchObject({
    revision: 2,
    source: 'voice',
  })
  expect(Object.keys((await call.event('output.done')).output)).toEqual(['system_response'])
  await page.close()
  await call.end()
})

test('a call that is saved goes on hearing its caller, whatever ends a turn before and after', async () => {
  const detecting = (turn_detection: string) => ({ ...interviewAgent, turn_config: { turn_detection } })
  const call = voiceCall(detecting('eot'), ['One.', 'Two.', 'Three.', 'Four.'])
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  const hello = await callerVoice(engine.address, 'I have worked as a nurse for three years.')
  for (const [at, turn_detection] of ['eot', 'vad', 'eot'].entries()) {
    call.configure(at + 2, detecting(turn_detection))
    await call.event('config.changed', ({ revision }) => revision === at + 2)
    await page.speak(hello)
    expect(await call.event('turn.committed', () => true, at + 2)).toMatchObject({ spoken: expect.any(String) as string })
  }
  await page.close()
  await call.end()
})

test('a page that reloads finds its call again', async () => {
  const call = voiceCall(interviewAgent, ['Back again.'])
  await call.message('started')
  const first = await openTestPage(call.media_url)
  await call.event('agent.state', ({ state }) => state === 'speaking')
  await first.close()
  expect(await call.event('turn.committed')).toMatchObject({ interrupted: true })
  // Another computer's clock: what was measured with the first page says nothing about this one.
  const second = await openTestPage(call.media_url, { clock_ms: -57_000, slower_ms: 50 })
  await second.speak(await callerVoice(engine.address, 'I am back again.'))
  const answer = await call.event('turn.committed', () => true, 2)
  expect(answer.spoken).toContain('Back again')
  expect(answer.times.clamped).toBeUndefined()
  expect((answer.times.t6 ?? Infinity) - (answer.times.t5 ?? 0)).toBeLessThan(60_000)
  expect(rms(second.audio())).toBeGreaterThan(500)
  await second.close()
  await call.end()
})

test('what is typed while the caller speaks is what rehearsal will have heard; without a line it says so', async () => {
  const call = voiceCall()
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('turn.committed')
  const hello = await callerVoice(engine.address, 'This could be any sentence at all, it is not understood.')
  const speaking = page.speak(hello)
  await call.event('user.state', ({ state }) => state === 'speaking')
  call.say('I like trains.')
  await speaking
  expect(await call.event('transcript.final')).toMatchObject({ text: 'I like trains.' })
  await call.event('turn.committed', () => true, 2)
  await page.speak(hello)
  expect((await call.event('transcript.final', () => true, 2)).text).toMatch(/^\[\d\.\d s of speech\]$/)
  expect(await call.event('notice', ({ text }) => text.includes('does not understand words'))).toBeTruthy()
  await page.close()
  await call.end()
})

test('pressing stop ends the reply, also one that may not be interrupted; typing does too', async () => {
  const call = voiceCall({
    ...interviewAgent,
    prompt_config: { instructions: 'Listen.', greeting: LONG },
    turn_config: { turn_detection: 'vad', allow_interruptions: false },
  })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  await call.event('speech.delta')
  call.send({ type: 'interrupt', session_id: call.session_id })
  expect(await call.event('turn.committed')).toMatchObject({ interrupted: true })
  call.say('Typed words.')
  expect((await call.event('turn.committed', () => true, 2)).spoken).toContain('Typed words')
  await page.close()
  await call.end()
})
