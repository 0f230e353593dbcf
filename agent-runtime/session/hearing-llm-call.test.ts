import { afterAll, beforeAll, expect, test } from 'vitest'
import { isJsonObject, type Json } from '../../core/json.ts'
import { findModel, findProvider } from '../../core/providers/index.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { geminiLiveDialect } from '../providers/testing/gemini-live-dialect.ts'
import { openaiRealtimeDialect } from '../providers/testing/openai-realtime-dialect.ts'
import { startRealtimeServer } from '../providers/testing/realtime-server.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'
import { openTestPage, rms } from './testing/test-page.ts'

const KEY = 'key-canary-0123456789abcdef'
const WORDS = 'I have worked on an audio engine for years'

let espeak: StartedEngine
let runtime: RuntimeProcess
let voice: Int16Array
beforeAll(async () => {
  ;[espeak, runtime] = await Promise.all([newAddress().then((address) => startEngine('espeak', address)), startRuntime()])
  voice = await callerVoice(espeak.address, WORDS)
})
afterAll(async () => {
  await runtime.stop()
  espeak.child.kill()
})

const agent = (provider: string, base_url: string, rule = 'Blue is the answer.') => ({
  ...interviewAgent,
  prompt_config: { instructions: `RULE: ${rule}`, greeting: 'Shall we begin?' },
  llm_config: { provider, base_url, api_key: 'env:TEST_KEY' },
})
const voiceCall = (content: Record<string, unknown>, script: string[], prices = {}) =>
  runtime.start(content, {
    modality: 'voice',
    engines: { espeak: espeak.address },
    secrets: { 'env:TEST_KEY': KEY },
    script,
    ...prices,
  })

const cases = [
  ['openai-realtime', openaiRealtimeDialect, '/v1', 24_000],
  ['gemini-live', geminiLiveDialect, '/v1beta', 16_000],
] as const

test.each(cases)(
  'a real call with %s: it hears the caller, its fields are filled in and your TTS speaks',
  async (provider, dialect, base_path, sample_rate) => {
    const heard: Int16Array[] = []
    const server = await startRealtimeServer(dialect({ hear: (pcm) => `sound ${heard.push(pcm)}` }))
    const content = agent(provider, `${server.url}${base_path}`)
    const found = findProvider('llm', provider)
    const price = findModel(found, undefined)?.price
    const model = findModel(found, undefined)?.id ?? ''
    const prices = price ? [{ kind: 'llm' as const, provider, model, own: false, price }] : []
    const call = voiceCall(content, [WORDS], { prices })
    await call.message('started')
    const page = await openTestPage(call.media_url, { speed: 4 })
    await call.event('turn.committed')
    // Opened before anybody spoke.
    expect(server.sessions).toHaveLength(1)

    await page.speak(voice)
    const spoken = await call.event('turn.committed', ({ spoken }) => spoken.includes('You said'))
    expect(spoken.spoken).toBe('Blue is the answer. You said: sound 1')
    expect(await call.event('transcript.final')).toMatchObject({ turn_id: spoken.turn_id, text: WORDS })
    const { output, parse, problems } = await call.event('output.done', ({ turn_id }) => turn_id === spoken.turn_id)
    expect({ output, parse, problems }).toMatchObject({ output: { stage: 'intro', topics: [] }, parse: 'json', problems: [] })
    const pcm = heard[0] ?? new Int16Array()
    expect(pcm.length / sample_rate).toBeGreaterThan(voice.length / 16_000)
    expect(pcm.length / sample_rate).toBeLessThan(voice.length / 16_000 + 3)
    expect(rms(pcm)).toBeGreaterThan(rms(voice) / 3)
    // Bit by bit where nothing has to be resampled.
    if (sample_rate === 16_000) expect(bytesOf(pcm).includes(bytesOf(voice.slice(8000, 16_000)))).toBe(true)
    expect(rms(page.audio())).toBeGreaterThan(500)
    const told = JSON.stringify(server.sessions.map(({ messages }) => messages))
    expect(told).not.toContain(WORDS)
    expect(told).not.toContain(KEY)
    const [llm] = (spoken.cost ?? []).filter(({ kind }) => kind === 'llm')
    expect(llm?.usage).toMatchObject({ prompt_tokens: 50, audio_prompt_tokens: 30, completion_tokens: 9 })
    expect(llm?.nano_usd).toBeGreaterThan(30 * 3000)

    call.say('Typed words.')
    const typed = await call.event('turn.committed', ({ spoken }) => spoken.includes('Typed words.'))
    expect(typed.spoken).toBe('Blue is the answer. You said: Typed words.')
    expect(heard).toHaveLength(1)
    // What was heard then is text now.
    expect(JSON.stringify(server.sessions.map(({ messages }) => messages))).toContain(WORDS)

    await server.drop()
    const count = server.sessions.length
    call.say('Are you there?')
    await call.event('turn.committed', ({ spoken }) => spoken.includes('Are you there?'))
    expect(server.sessions.length).toBeGreaterThan(count)

    call.configure(2, agent(provider, `${server.url}${base_path}`, 'Red is the answer.'))
    await call.event('config.changed')
    await page.speak(voice)
    const changed = await call.event('turn.committed', ({ spoken }) => spoken.startsWith('Red'))
    expect(changed.spoken).toMatch(/sound 2$/)
    await page.close()
    await call.end()
    await Promise.all(server.sessions.map(({ closed }) => closed))
    expect(JSON.stringify(call.events)).not.toContain(KEY)
    await server.close()
  },
)

const isType = (type: string) => (message: Json) => isJsonObject(message) && message['type'] === type

test('a caller who interrupts cancels the reply, and the next one comes over the same connection', async () => {
  let pieces: number | undefined = 12
  const server = await startRealtimeServer(openaiRealtimeDialect({ pieces: () => pieces }))
  const long = 'Blue is the answer. It is a colour that I like. There is more of it in the sky. And in the sea as well.'
  const call = voiceCall(agent('openai-realtime', `${server.url}/v1`, long), [WORDS, 'Stop, please.'])
  await call.message('started')
  const page = await openTestPage(call.media_url, { speed: 4 })
  await call.event('turn.committed')
  await page.speak(voice)
  await call.event('transcript.final')
  const cancelled = server.next(isType('response.cancel'))
  await call.event('raw.delta')
  await page.speak(new Int16Array(16_000))
  await page.speak(voice)
  expect(await cancelled).toMatchObject({ response_id: 'resp_1' })
  pieces = undefined
  const { spoken } = await call.event('turn.committed', ({ spoken }) => spoken.includes('You said'))
  expect(spoken).toContain('(sound)')
  expect(server.sessions).toHaveLength(1)
  await page.close()
  await call.end()
  await server.close()
})

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)
