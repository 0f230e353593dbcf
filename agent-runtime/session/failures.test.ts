import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { startFaultProxy, type FaultProxy } from '../providers/testing/fault-proxy.ts'
import type { Fault } from '../providers/testing/fault.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { runtimeHealth, type RuntimeHealth } from './testing/runtime-health.ts'
import { startRuntime, type RuntimeProcess, type TestCall } from './testing/runtime-process.ts'
import { openTestPage, type TestPage } from './testing/test-page.ts'

const KEY = 'sk-canary-0123456789'
const SORRY = 'Sorry, I did not get that through. Could you say it again?'
/** A quick page: nobody listens. */
const SPEED = 10

let espeak: StartedEngine
let runtime: RuntimeProcess
let health: RuntimeHealth
let server: OpenAiTestServer
let proxy: FaultProxy
let hello: Int16Array
beforeAll(async () => {
  ;[espeak, runtime, server] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(runtimeHealth.execArgv),
    startOpenAiServer({ key: KEY, first_token_ms: 1, tokens_per_second: 2000, transcripts: ['It was heard.'] }),
  ])
  health = runtimeHealth(runtime.child)
  proxy = await startFaultProxy(server.base_url, { slow_ms: 100 })
  hello = await callerVoice(espeak.address, 'Good morning.')
})
afterAll(async () => {
  await runtime.stop()
  await proxy.close()
  await server.close()
  espeak.child.kill()
})

const ill = (part: Record<string, unknown> = {}) => ({
  provider: 'openai-compatible',
  base_url: proxy.url,
  api_key: 'env:KEY',
  model: 'test-model',
  timeout_ms: 300,
  ...part,
})
const agent = (part: Record<string, unknown>) => ({
  ...interviewAgent,
  prompt_config: { instructions: 'RULE: Fine.' },
  schema_config: {
    fields: [
      { field_name: 'mood', field_type: 'str' },
      { field_name: 'system_response', field_type: 'str' },
    ],
  },
  ...part,
})

type Started = Readonly<{ call: TestCall; page: TestPage; turn: (nth: number) => ReturnType<TestCall['event']> }>
async function start(content: Record<string, unknown>, secrets = { 'env:KEY': KEY }): Promise<Started> {
  const call = runtime.start(content, { modality: 'voice', engines: { espeak: espeak.address }, secrets })
  await call.message('started')
  const page = await openTestPage(call.media_url, { speed: SPEED })
  return { call, page, turn: (nth) => call.event('turn.committed', () => true, nth) }
}

/** The fault is over, nothing of it is left, and no key was said. */
async function end({ call, page }: Started): Promise<void> {
  await proxy.idle()
  await page.close()
  await call.end()
  expect(JSON.stringify(call.messages)).not.toContain(KEY)
  expect(health.faults()).toEqual([])
}

const LLM_FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['refused', /^Nothing answers at http/],
  ['hang', /did not answer in time/],
  ['silent', /did not answer in time/],
  ['drop_midstream', /broke off its answer/],
  ['hang_midstream', /did not answer in time/],
  ['status_401', /does not accept the key of env:KEY \(401\)/],
  ['status_402', /no credit left \(402\)/],
  ['status_429', /refuses more requests for now \(429\)/],
  ['status_500', /fault of its own \(500\)/],
  ['status_503', /fault of its own \(503\)/],
  ['garbage', /answered with (nothing|something that cannot be read|a web page)/],
  ['half_json', /answered with something that cannot be read/],
]

describe('an LLM that fails', () => {
  test('before its first word, the caller hears one sentence; the cause is told, and the next line is answered', async () => {
    const started = await start(agent({ llm_config: ill() }))
    const { call } = started
    let turns = 0
    let before: Record<string, number> | undefined
    for (const [fault, words] of LLM_FAULTS) {
      await proxy.fault(fault)
      call.say('Hello.')
      const failed = await call.event('turn.committed', () => true, ++turns)
      expect([fault, failed.spoken]).toEqual([fault, SORRY])
      const errors = call.events.filter((event) => event.type === 'session.error' && event.turn_id === failed.turn_id)
      expect([fault, errors.map((event) => (event.type === 'session.error' ? event.error.message : ''))]).toEqual([
        fault,
        [expect.stringMatching(words)],
      ])
      await proxy.fault()
      call.say('Again.')
      expect([fault, (await call.event('turn.committed', () => true, ++turns)).spoken]).toEqual([fault, 'Fine. You said: Again.'])
      await proxy.idle()
      before ??= await health.resources()
    }
    expect(grown(before ?? {}, await health.resources())).toEqual([])
    await end(started)
  })

  test('that is only slow is waited for', async () => {
    const started = await start(agent({ llm_config: ill() }))
    await proxy.fault('slow_first_byte')
    started.call.say('Hello.')
    expect((await started.call.event('turn.committed')).spoken).toBe('Fine. You said: Hello.')
    await proxy.fault()
    await end(started)
  })

  test('the sentence is the document’s own, or none at all', async () => {
    await proxy.fault('status_500')
    const own = await start(agent({ llm_config: ill(), turn_config: { failure_sentence: 'Noch einmal, bitte.' } }))
    own.call.say('Hallo.')
    expect((await own.call.event('turn.committed')).spoken).toBe('Noch einmal, bitte.')
    const none = agent({ llm_config: ill(), turn_config: { failure_sentence: '' } })
    own.call.configure(2, none)
    await own.call.event('config.changed')
    own.call.say('Hallo.')
    expect((await own.call.event('turn.committed', () => true, 2)).spoken).toBe('')
    await proxy.fault()
    await end(own)
  })

  test('is replaced by the next choice, which is metered; the one that failed is not asked again at once', async () => {
    const second = { provider: 'openai-compatible', base_url: server.base_url, api_key: 'env:KEY', model: 'second-model' }
    const started = await start(agent({ llm_config: ill({ fallbacks: [second], fallback_after_ms: 150, timeout_ms: 5000 }) }))
    const { call } = started
    await proxy.fault('hang')
    call.say('Hello.')
    const first = await call.event('turn.committed')
    expect(first.spoken).toBe('Fine. You said: Hello.')
    expect(await call.event('provider.fallback')).toMatchObject({
      kind: 'llm',
      from: 'OpenAI-compatible test-model',
      to: 'OpenAI-compatible second-model',
      reason: expect.stringMatching(/did not answer in time/) as string,
      turn_id: first.turn_id,
    })
    expect(first.cost?.filter(({ kind }) => kind === 'llm')).toMatchObject([
      { model: 'second-model', usage: { prompt_tokens: 50 } },
    ])
    await proxy.idle()
    const asked = proxy.count()
    call.say('Again.')
    expect((await call.event('turn.committed', () => true, 2)).spoken).toBe('Fine. You said: Again.')
    expect(proxy.count()).toBe(asked)
    expect((await call.event('provider.fallback', () => true, 2)).reason).toMatch(/^It failed a moment ago/)
    await proxy.fault()
    await end(started)
  })
})

const TTS_FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['refused', /^Nothing answers at http/],
  ['hang', /did not answer in time/],
  ['silent', /did not answer in time/],
  ['status_401', /does not accept the key of env:KEY \(401\)/],
  ['status_402', /no credit left \(402\)/],
  ['status_429', /refuses more requests for now \(429\)/],
  ['status_503', /fault of its own \(503\)/],
  ['garbage', /./],
  ['empty_audio', /made no sound/],
]

test('a TTS that fails before its first sound: the same words are heard from the voice that is always there', async () => {
  const content = agent({ tts_config: ill(), llm_config: { provider: 'rehearsal', model: 'instant' } })
  const started = await start(content)
  const { call, page } = started
  let revision = 1
  let turns = 0
  for (const [fault, words] of TTS_FAULTS) {
    await proxy.fault(fault)
    const heard = page.audio().length
    call.say('I like trains.')
    const failed = await call.event('turn.committed', () => true, ++turns)
    const output = await call.event('output.done', ({ turn_id }) => turn_id === failed.turn_id)
    expect([fault, failed.spoken]).toEqual([fault, output.output['system_response']])
    const fallback = await call.event('provider.fallback', ({ turn_id }) => turn_id === failed.turn_id)
    expect([fault, fallback.reason, fallback.to]).toEqual([fault, expect.stringMatching(words), 'eSpeak NG'])
    expect(page.audio().length).toBeGreaterThan(heard)
    await proxy.fault()
    // A new revision forgets who failed.
    call.configure(++revision, content)
    await call.event('config.changed', ({ revision: now }) => now === revision)
    call.say('Again.')
    const well = await call.event('turn.committed', () => true, ++turns)
    expect([fault, well.cost?.map(({ provider }) => provider)]).toEqual([fault, ['rehearsal', 'openai-compatible']])
  }
  await end(started)
})

test('a TTS that breaks off in the middle: what was heard is not said again, and the next sentence has the other voice', async () => {
  const greeting = 'This is the first sentence of all. Here is the second one. And a third comes last.'
  await proxy.fault('drop_midstream')
  const started = await start(agent({ tts_config: ill(), prompt_config: { instructions: 'x', greeting } }))
  const { call } = started
  const turn = await call.event('turn.committed')
  expect(call.events.filter(({ type }) => type === 'provider.fallback')).toMatchObject([{ kind: 'tts', to: 'eSpeak NG' }])
  expect((await call.event('session.error')).error.message).toMatch(/broke off/)
  // Each of the two is paid for what it made; the other one says what is left, once.
  expect(turn.cost?.map(({ provider }) => provider)).toEqual(['openai-compatible', 'espeak-ng'])
  expect(turn.cost?.[1]?.usage.tts_characters).toBe('Here is the second one. And a third comes last.'.length)
  await proxy.fault()
  await end(started)
})

const STT_FAULTS: readonly (readonly [Fault, RegExp])[] = [
  ['refused', /^Nothing answers at http/],
  ['hang', /did not answer in time/],
  ['drop_midstream', /broke off its answer|cannot be read/],
  ['status_401', /does not accept the key of env:KEY \(401\)/],
  ['status_402', /no credit left \(402\)/],
  ['status_429', /refuses more requests for now \(429\)/],
  ['status_500', /fault of its own \(500\)/],
  ['garbage', /cannot be read/],
  ['half_json', /cannot be read/],
]

test('an STT that fails: the caller is asked to say it again, and what is said then is heard', async () => {
  const started = await start(agent({ stt_config: ill(), llm_config: { provider: 'rehearsal', model: 'instant' } }))
  const { call, page } = started
  let turns = 0
  for (const [fault, words] of STT_FAULTS) {
    await proxy.fault(fault)
    await page.speak(hello)
    const failed = await call.event('turn.committed', () => true, ++turns)
    expect([fault, failed.spoken]).toEqual([fault, SORRY])
    const { error } = await call.event('session.error', ({ turn_id }) => turn_id === failed.turn_id)
    expect([fault, error.message]).toEqual([fault, expect.stringMatching(words)])
    await proxy.fault()
    await page.speak(hello)
    const well = await call.event('turn.committed', () => true, ++turns)
    expect([fault, well.spoken]).toEqual([fault, expect.stringContaining('It was heard')])
    expect(well.cost?.[0]).toMatchObject({ kind: 'stt', provider: 'openai-compatible' })
  }
  await end(started)
})

/** Handles of which there are more than before. */
const grown = (before: Record<string, number>, after: Record<string, number>): string[] =>
  ['TCPSocketWrap', 'PipeWrap', 'GetAddrInfoReqWrap', 'TLSWrap'].filter((name) => (after[name] ?? 0) > (before[name] ?? 0))
