import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PriceEntry } from '../../core/contract/providers.ts'
import { isJournalEvent, type SessionEvent } from '../../core/contract/session-events.ts'
import { costOf } from '../../core/cost/cost-of.ts'
import { applySessionEvent, emptySessionView } from '../../core/session/session-view.ts'
import { newAddress, startEngine, type StartedEngine } from '../engines/testing/start-engine.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { callerVoice } from './testing/caller-voice.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'
import { openTestPage } from './testing/test-page.ts'

let espeak: StartedEngine
let runtime: RuntimeProcess
let server: OpenAiTestServer
beforeAll(async () => {
  ;[espeak, runtime, server] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime(),
    startOpenAiServer({ transcripts: ['It was heard.'], tokens_per_second: 200 }),
  ])
})
afterAll(async () => {
  await runtime.stop()
  await server.close()
  espeak.child.kill()
})

const dated = { as_of: '2026-11', source: 'https://prices.example' }
const provider = 'openai-compatible'
const prices: PriceEntry[] = [
  { kind: 'stt', provider, model: 'ear', own: false, price: { per: 'minute', usd: 0.006, ...dated } },
  { kind: 'llm', provider, model: 'mind', own: true, price: { per: 'million_tokens', input_usd: 2, output_usd: 8, ...dated } },
  { kind: 'tts', provider, model: 'mouth', own: false, price: { per: 'million_characters', usd: 15, ...dated } },
]
const priceOf = (kind: 'stt' | 'llm' | 'tts') => prices.find((entry) => entry.kind === kind)?.price
const agent = () => {
  const block = { provider, base_url: server.base_url }
  return {
    ...interviewAgent,
    prompt_config: {
      instructions: 'RULE: Blue is the answer, and there are two sentences of it. This is the second.',
      greeting: 'Good day to you.',
    },
    stt_config: { ...block, model: 'ear' },
    llm_config: { ...block, model: 'mind' },
    tts_config: { ...block, model: 'mouth' },
  }
}
/** Of the texts that the TTS was asked to say since the n-th request. */
const charactersFrom = (from: number) =>
  server.requests
    .slice(from)
    .filter(({ path }) => path.endsWith('/speech'))
    .reduce((sum, { body }) => sum + String(Object(body).input).length, 0)
const viewOf = (session_id: Parameters<typeof emptySessionView>[0], events: readonly SessionEvent[]) =>
  events.filter(isJournalEvent).reduce(applySessionEvent, emptySessionView(session_id))

test('each provider is counted once, for what its server was really asked, at the price of the moment', async () => {
  const call = runtime.start(agent(), { modality: 'voice', prices })
  await call.message('started')
  const page = await openTestPage(call.media_url, { speed: 8 })
  const greeting = await call.event('turn.committed')
  const characters = 'Good day to you.'.length
  expect(greeting.cost).toEqual([
    {
      kind: 'tts',
      provider,
      model: 'mouth',
      // What the tone of the test server lasts; the session's own library would count it twice.
      usage: { tts_characters: characters, tts_audio_ms: characters * 60 },
      nano_usd: characters * 15_000,
      price: priceOf('tts'),
    },
  ])
  const asked = server.requests.length
  await page.speak(await callerVoice(espeak.address, 'Good morning.'))
  const { cost = [], usage } = await call.event('turn.committed', () => true, 2)
  const [stt, llm, tts] = cost
  const tokens = llm?.usage.completion_tokens ?? NaN
  expect(cost.map(({ kind, model }) => `${kind} ${model}`)).toEqual(['stt ear', 'llm mind', 'tts mouth'])
  expect(llm).toMatchObject({ usage: { prompt_tokens: 50 }, nano_usd: 50 * 2000 + tokens * 8000, price: priceOf('llm') })
  expect(tts?.usage.tts_characters).toBe(charactersFrom(asked))
  expect(stt?.nano_usd).toBe(Math.round(((stt?.usage.stt_audio_ms ?? NaN) * 6_000_000) / 60_000))
  expect(Math.abs((usage.stt_audio_ms ?? NaN) - (stt?.usage.stt_audio_ms ?? NaN))).toBeLessThanOrEqual(1)
  expect(usage).toMatchObject({ prompt_tokens: 50, completion_tokens: tokens, tts_characters: tts?.usage.tts_characters })
  await page.close()
  await call.end()
  const total = costOf(viewOf(call.session_id, call.events))
  const nano = [...(greeting.cost ?? []), ...cost].reduce((sum, part) => sum + (part.nano_usd ?? NaN), 0)
  expect(total).toMatchObject({ nano_usd: nano, incomplete: false })
  expect(total.parts.map(({ kind }) => kind)).toEqual(['tts', 'stt', 'llm'])
})

test('a reply that is cut before its provider said how many tokens it had is counted by us, and says so', async () => {
  const call = runtime.start(agent(), { modality: 'text', prices })
  await call.event('turn.committed')
  call.say('Tell me a story.')
  await call.event('raw.delta')
  call.send({ type: 'interrupt', session_id: call.session_id })
  const { cost = [], interrupted } = await call.event('turn.committed', () => true, 2)
  expect(interrupted).toBe(true)
  expect(cost).toMatchObject([{ kind: 'llm', model: 'mind', estimated: true }])
  expect(cost[0]?.usage.prompt_tokens).toBeGreaterThan(20)
  expect(cost[0]?.nano_usd).toBeGreaterThan(0)
  await call.end()
})

test('without a price the usage is kept and the sum says that it is not all', async () => {
  const call = runtime.start(agent(), { modality: 'text' })
  await call.event('turn.committed')
  call.say('Hello.')
  expect((await call.event('turn.committed', () => true, 2)).cost).toMatchObject([{ kind: 'llm', usage: { prompt_tokens: 50 } }])
  await call.end()
  const total = costOf(viewOf(call.session_id, call.events))
  expect(total).toMatchObject({ incomplete: true })
  expect(total).not.toHaveProperty('nano_usd')
})
