import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { startTtsServer, type TtsTestServer } from '../providers/testing/tts-server.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type TestCall } from './testing/runtime-process.ts'
import { openTestPage } from './testing/test-page.ts'

let espeak: StartedEngine
let runtime: RuntimeProcess
let llm: OpenAiTestServer
let tts: TtsTestServer
beforeAll(async () => {
  ;[espeak, runtime, llm, tts] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(),
    startOpenAiServer(),
    startTtsServer(),
  ])
})
afterAll(async () => {
  await runtime.stop()
  espeak.child.kill()
  await Promise.all([llm.close(), tts.close()])
})

/** A call with a greeting and two answers to typed lines. */
async function talk(content: Record<string, unknown>): Promise<TestCall> {
  const secrets = { 'env:K': 'sk-0123456789' }
  const call = runtime.start(
    { ...interviewAgent, ...content },
    { modality: 'voice', engines: { espeak: espeak.address }, secrets },
  )
  await call.message('started')
  const page = await openTestPage(call.media_url, { speed: 10 })
  await call.event('turn.committed')
  call.say('One.')
  await call.event('turn.committed', () => true, 2)
  call.say('Two.')
  await call.event('turn.committed', () => true, 3)
  await page.close()
  await call.end()
  return call
}
const notices = (call: TestCall) => call.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))

const cartesia = () => ({ provider: 'cartesia', base_url: tts.url, api_key: 'env:K' })
const ai = () => ({ provider: 'openai-compatible', base_url: llm.base_url, model: 'test-model' })

test('the words of each turn’s voice-style field become the nearest style of its TTS; the greeting has none', async () => {
  const call = await talk({ tts_config: cartesia() })
  const configs = tts.requests.map(({ body }) => Object(body).generation_config)
  expect(configs[0]).toBeUndefined()
  expect(configs.length).toBeGreaterThan(2)
  expect(new Set(configs.slice(1).map((config) => JSON.stringify(config)))).toEqual(new Set(['{"emotion":"calm"}']))
  expect(notices(call)).toEqual([])
})

test('a voice that takes no style says so once in a call, when an LLM asked for one', async () => {
  expect(notices(await talk({ llm_config: ai() }))).toEqual([
    '"voice_instructions" does not change this voice: eSpeak NG takes no instructions.',
  ])
})

test('… and not when rehearsal filled the field in, or when there is no such field', async () => {
  expect(notices(await talk({}))).toEqual([])
  const fields = interviewAgent.schema_config.fields.filter(({ field_name }) => field_name !== 'voice_instructions')
  expect(notices(await talk({ llm_config: ai(), schema_config: { fields } }))).toEqual([])
})

test('words that are near none of its styles are told once, too', async () => {
  expect(notices(await talk({ llm_config: ai(), tts_config: cartesia() }))).toEqual([
    '"voice_instructions" asked for a style that Cartesia does not have: the voice speaks as it is.',
  ])
})

test('a further field with use_in_tts steers the voice as well: at once before the spoken field, behind it from the next reply on', async () => {
  const steers = { metadata: { use_in_tts: true } }
  const fields = [
    { field_name: 'stage', field_type: "Literal['intro', 'deep', 'end']" },
    { field_name: 'mood', field_type: 'str', ...steers },
    { field_name: 'energy', field_type: 'int', constraints: { ge: 3, le: 9 }, ...steers },
    { field_name: 'voice_instructions', field_type: 'str' },
    { field_name: 'system_response', field_type: 'str', ...steers },
    { field_name: 'closing_tone', field_type: 'str', ...steers },
  ]
  const before = llm.requests.length
  await talk({
    schema_config: { fields },
    llm_config: ai(),
    tts_config: { provider: 'openai-compatible', base_url: llm.base_url, api_key: 'env:K', model: 'test-model' },
  })
  const spoken = llm.requests.slice(before).filter(({ path }) => path === '/v1/audio/speech')
  const styles = spoken.map(({ body }) => Object(body).instructions)
  const now = 'About voice_instructions. About mood. energy: 3'
  expect([...new Set(styles)]).toEqual([undefined, now, `${now}. About closing_tone.`])
})
