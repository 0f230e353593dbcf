import { once } from 'node:events'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { FromRuntime, type ToRuntime } from '../../../core/contract/runtime.ts'
import { newAddress, startEngine, type StartedEngine } from '../../engines/testing/start-engine.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../../providers/testing/openai-server.ts'
import { startRuntime, type RuntimeProcess } from '../testing/runtime-process.ts'
import { sampleFor } from './sample-speech.ts'

const KEY = 'sk-canary-check-5b12'
let server: OpenAiTestServer
let runtime: RuntimeProcess
let engine: StartedEngine
beforeAll(async () => {
  engine = await startEngine('espeak', await newAddress())
  server = await startOpenAiServer({ key: KEY, transcripts: [sampleFor('en').text, 'Something else entirely.', ''] })
  runtime = await startRuntime()
})
afterAll(async () => {
  await runtime.stop()
  engine.child.kill()
  await server.close()
})

const FIELDS = [
  { field_name: 'system_response', field_type: 'str', description: 'Said', metadata: { use_in_tts: true } },
  { field_name: 'score', field_type: 'int', description: 'Score', constraints: { ge: 1, le: 5 } },
]
const documentWith = (kind: ProviderKind, block: Record<string, unknown>, fields: unknown[] = FIELDS): DocumentJson =>
  JSON.parse(
    JSON.stringify({
      agent_id: 'check',
      name: 'Check',
      prompt_config: { instructions: 'x' },
      schema_config: { fields },
      [`${kind}_config`]: { provider: 'openai-compatible', base_url: server.base_url, api_key: 'env:KEY', ...block },
    }),
  ) as DocumentJson

/** Asks the session process as the host does; `said` holds all that it answered. */
async function check(
  kind: ProviderKind,
  block: Record<string, unknown> = {},
  secrets: Record<string, string> = { 'env:KEY': KEY },
) {
  const check_id = v7()
  const said: FromRuntime[] = []
  const before = server.requests.length
  const done = new Promise<void>((resolve) => {
    const listen = (raw: unknown) => {
      const message = FromRuntime.parse(raw)
      if (!('check_id' in message) || message.check_id !== check_id) return
      said.push(message)
      if (message.type === 'check.step') return
      runtime.child.off('message', listen)
      resolve()
    }
    runtime.child.on('message', listen)
  })
  const content = documentWith(kind, block)
  runtime.child.send({ type: 'check', check_id, kind, content, secrets, engines: { espeak: engine.address } } satisfies ToRuntime)
  await done
  const last = said.at(-1)
  if (last?.type !== 'checked') throw new Error(JSON.stringify(last))
  expect(said.flatMap((message) => (message.type === 'check.step' ? [message.step] : []))).toEqual(last.check.steps)
  expect(JSON.stringify(said)).not.toContain(KEY)
  return { ...last, requests: server.requests.slice(before), told: last.check.steps.map(({ step, ok }) => `${step} ${ok}`) }
}

test('an LLM: key, model, a first answer and the field table, in two small requests', async () => {
  const { check: result, told, requests } = await check('llm', { model: 'm', temperature: 0 })
  expect(told).toEqual(['key true', 'model true', 'answer true', 'structured_output true'])
  expect(result).toMatchObject({ ok: true, kind: 'llm', provider: 'openai-compatible', model: 'm', base_url: server.base_url })
  expect(result.first_token_ms).toBeGreaterThan(0)
  expect(requests).toMatchObject([
    { path: '/v1/chat/completions', body: { model: 'm', temperature: 0 } },
    { body: { response_format: { type: 'json_schema', json_schema: { schema: { required: ['system_response', 'score'] } } } } },
  ])
  expect(requests[0]?.body).not.toHaveProperty('response_format')
})

test.each<[string, Record<string, unknown>, string[], RegExp, number]>([
  ['a wrong key', { model: 'fault-401' }, ['key false'], /does not accept the key of env:KEY/, 1],
  ['no such model', { model: 'fault-404' }, ['key true', 'model false'], /does not know the model "fault-404"/, 1],
  ['too many requests', { model: 'fault-429' }, ['answer false'], /429/, 1],
  ['a fault of its own', { model: 'fault-500' }, ['answer false'], /fault of its own/, 1],
  ['nothing', { model: 'empty' }, ['answer false'], /answered with nothing/, 1],
  ['plain words', { model: 'not-json' }, ['key true', 'model true', 'answer true', 'structured_output false'], /plain text/, 2],
  ['a hang', { model: 'hang', timeout_ms: 300 }, ['answer false'], /in time/, 1],
  ['a hang midway', { model: 'hang-midway', timeout_ms: 300 }, ['key true', 'model true', 'answer false'], /in time/, 1],
])('an LLM with %s: told at its step, asked once', async (_name, block, steps, message, count) => {
  const { check: result, told, requests } = await check('llm', block)
  expect(told).toEqual(steps)
  expect(result.ok).toBe(false)
  expect(result.steps.at(-1)?.error).toMatchObject({ message: expect.stringMatching(message) as string })
  expect(requests).toHaveLength(count)
})

test('without its key nothing is asked at all', async () => {
  const { check: result, told, requests } = await check('llm', {}, {})
  expect(told).toEqual(['key false'])
  expect(result.steps[0]?.error?.message).toMatch(/needs a key, and env:KEY is empty/)
  expect(requests).toEqual([])
})

test('a TTS: one request, first audio measured, and the sentence to hear', async () => {
  const { check: result, told, requests, sample_wav = '' } = await check('tts', { model: 'gpt-4o-mini-tts', voice_id: 'ash' })
  expect(told).toEqual(['key true', 'model true', 'answer true', 'voice true'])
  expect(result.first_audio_ms).toBeGreaterThanOrEqual(0)
  expect(requests).toMatchObject([{ path: '/v1/audio/speech', body: { input: sampleFor('en').text, voice: 'ash' } }])
  const wav = Buffer.from(sample_wav, 'base64')
  expect(wav.subarray(0, 4).toString()).toBe('RIFF')
  expect(wav.readUInt32LE(24)).toBe(24_000)
  expect(wav.length).toBeGreaterThan(48_000)
})

test('an STT: the sample is said by a voice of this machine, and its words are compared', async () => {
  const understood = await check('stt')
  expect(understood.told).toEqual(['key true', 'model true', 'answer true', 'voice true'])
  expect(understood.check.steps.at(-1)?.detail).toMatch(/^15 of 15 words/)
  expect(understood.requests).toMatchObject([{ path: '/v1/audio/transcriptions' }])
  expect(understood.requests[0]?.bytes).toBeGreaterThan(50_000)
  expect(Buffer.from(understood.sample_wav ?? '', 'base64').readUInt32LE(24)).toBe(16_000)
  expect(understood.check.transcription_delay_ms).toBeGreaterThanOrEqual(0)
  const wrong = await check('stt')
  expect(wrong.told.at(-1)).toBe('voice false')
  expect(wrong.check.steps.at(-1)?.error?.message).toMatch(/understood only 0 of 15/)
  expect((await check('stt')).told).toEqual(['key true', 'model true', 'answer false'])
})

test('what needs no key and no network is checked alike', async () => {
  const none = { base_url: undefined, api_key: undefined }
  const spoken = await check('tts', { ...none, provider: 'espeak-ng', voice_id: 'de' })
  expect(spoken.told).toEqual(['answer true', 'voice true'])
  const rehearsed = await check('llm', { ...none, provider: 'rehearsal', model: 'instant' })
  expect(rehearsed.told).toEqual(['model true', 'answer true', 'structured_output true'])
  expect(spoken.requests).toEqual([])
})

test('a cancelled check stops asking and says nothing more', async () => {
  const check_id = v7()
  const said: string[] = []
  const listen = (raw: unknown) => {
    const message = FromRuntime.parse(raw)
    if ('check_id' in message && message.check_id === check_id) said.push(message.type)
  }
  runtime.child.on('message', listen)
  onTestFinished(() => void runtime.child.off('message', listen))
  const before = server.requests.length
  const content = documentWith('llm', { model: 'hang' })
  const secrets = { 'env:KEY': KEY }
  runtime.child.send({ type: 'check', check_id, kind: 'llm', content, secrets, engines: {} } satisfies ToRuntime)
  while (server.requests.length === before) await once(runtime.child, 'message')
  runtime.child.send({ type: 'check.cancel', check_id } satisfies ToRuntime)
  await check('tts')
  expect(said).toEqual([])
})
