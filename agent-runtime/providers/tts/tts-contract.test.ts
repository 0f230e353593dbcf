import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { findProvider, ttsProviders, type TtsProviderId } from '../../../core/providers/index.ts'
import type { ProviderScope } from '../provider-context.ts'
import { providerFailure } from '../provider-failure.ts'
import { createScript } from '../rehearsal/script.ts'
import { FAULTS, type Fault } from '../testing/fault.ts'
import { startFaultProxy, type FaultProxy } from '../testing/fault-proxy.ts'
import { KEY, SECRET, STYLE, TEXT, ttsCases, type TtsCase } from '../testing/tts-contract.ts'
import { AS_WAV, ENDLESS, startTtsServer, TONE_HERTZ, TONE_SECONDS, type TtsTestServer } from '../testing/tts-server.ts'
import { createVoice } from './create-voice.ts'
import type { SpokenChunk, Voice } from './voice.ts'

/** Of tests that wait for an end of it. */
const SHORT_MS = 100
const PATIENCE_MS = 10_000

let server: TtsTestServer
let proxy: FaultProxy
beforeAll(async () => {
  server = await startTtsServer()
  proxy = await startFaultProxy(server.url, { slow_ms: 30 })
})
beforeEach(() => proxy.fault())
afterAll(async () => {
  await proxy.close()
  await server.close()
})

const secrets = { 'env:K': KEY, 'env:S': SECRET }
function voiceOf(provider: TtsProviderId, config: object, patience_ms = PATIENCE_MS): Voice {
  const tts_config = { provider, api_key: 'env:K', api_secret: 'env:S', timeout_ms: patience_ms, ...config }
  const document = AgentDocument.parse({ agent_id: 'ada', name: 'Ada', prompt_config: { instructions: '-' }, tts_config })
  const scope: ProviderScope = {
    seed: 1,
    script: createScript([]),
    engine: () => {
      throw new Error('no engines here')
    },
    notice: () => {},
    document,
    secrets,
    engines: {},
  }
  return createVoice(scope)
}
const caseVoice = ({ id, config, base_path }: TtsCase, patience_ms?: number) =>
  voiceOf(id, { ...config, base_url: proxy.url.replace(/\/$/, '') + base_path }, patience_ms)

const speak = (voice: Voice, text = TEXT, instructions?: string, signal = new AbortController().signal) =>
  Array.fromAsync(voice.speak(text, { signal, ...(instructions === undefined ? {} : { instructions }) }))

const seconds = (chunks: readonly SpokenChunk[]) =>
  chunks.reduce((sum, { pcm, sample_rate }) => sum + pcm.length / sample_rate, 0)

/** Upward crossings of zero in a second. */
function hertz(chunks: readonly SpokenChunk[]): number {
  const pcm = chunks.flatMap((chunk) => [...chunk.pcm])
  const crossings = pcm.filter((sample, index) => sample >= 0 && (pcm[index - 1] ?? 0) < 0).length
  return crossings / seconds(chunks)
}

const IN_TIME = /did not answer in time/
const EXPECTED: Readonly<Record<Exclude<Fault, 'slow_first_byte' | 'wrong_sample_rate' | 'half_json'>, RegExp>> = {
  refused: /Nothing answers at http:\/\/127/,
  hang: IN_TIME,
  silent: IN_TIME,
  hang_midstream: IN_TIME,
  drop_midstream: /broke off/,
  status_401: /does not accept the key/,
  status_402: /no credit left/,
  status_429: /refuses more requests/,
  status_500: /fault of its own \(500\)/,
  status_503: /fault of its own \(503\)/,
  garbage: /sent text instead of raw sound|cannot be read/,
  empty_audio: /made no sound/,
}
const isExpected = (fault: Fault): fault is keyof typeof EXPECTED => fault in EXPECTED

test('every TTS of the catalogue that is asked over the network is in the table', () => {
  const known = new Set<string>(ttsCases.map(({ id }) => id))
  const asked = Object.values(ttsProviders).filter(({ network }) => network !== 'never')
  expect(asked.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([])
})

describe.each(ttsCases.map((one) => [[one.id, one.config?.model].filter(Boolean).join(' '), one] as const))(
  '%s',
  (_name, one) => {
    const { id, plain, styled, sample_rate } = one

    test('asks as its vendor documents it, and says what came', async () => {
      expect(new URL(one.source).protocol).toBe('https:')
      const chunks = await speak(caseVoice(one))
      const request = server.requests.at(-1)
      expect(request?.path).toBe(plain.path)
      expect(request?.headers).toMatchObject(plain.headers ?? {})
      expect(request?.body).toEqual(plain.body)
      expect(new Set(chunks.map((chunk) => chunk.sample_rate))).toEqual(new Set([sample_rate]))
      expect(seconds(chunks)).toBeCloseTo(TONE_SECONDS, 2)
      expect(hertz(chunks)).toBeCloseTo(TONE_HERTZ, -1)
    })

    test('the voice-style field reaches it in its own way, for that turn only', async () => {
      const voice = caseVoice(one)
      expect(voice.steerable).toBe(styled !== undefined)
      await Promise.all([speak(voice, TEXT, STYLE), speak(voice, TEXT, 'Nothing that it knows of, perhaps.')])
      const asked = server.requests.slice(-2).map(({ body }) => body)
      expect(asked).toContainEqual(styled ?? plain.body)
      await speak(voice)
      expect(server.requests.at(-1)?.body).toEqual(plain.body)
    })

    test('marks alone are not sent anywhere', async () => {
      const before = server.requests.length
      expect(await speak(caseVoice(one), ' … — !\n')).toEqual([])
      expect(server.requests.length).toBe(before)
    })

    test('a caller who interrupts closes the request', async () => {
      const cut = new AbortController()
      const speaking = speak(caseVoice(one), `${ENDLESS}.`, undefined, cut.signal)
      speaking.catch(() => {})
      while (proxy.open() === 0) await new Promise((resolve) => setImmediate(resolve))
      cut.abort()
      await expect(speaking).rejects.toThrow()
      await proxy.idle()
    })

    test('who stops listening closes it too', async () => {
      if (findProvider('tts', id)?.capabilities.streaming === false) return
      for await (const chunk of caseVoice(one).speak(`${ENDLESS}.`, { signal: new AbortController().signal })) {
        expect(chunk.pcm.length).toBeGreaterThan(0)
        break
      }
      await proxy.idle()
    })

    test.each(FAULTS.filter(isExpected))('%s is told, and the next clause is said', async (fault) => {
      const voice = caseVoice(one, EXPECTED[fault] === IN_TIME ? SHORT_MS : PATIENCE_MS)
      await proxy.fault(fault)
      const before = proxy.count()
      const cause: unknown = await speak(voice).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      const body = providerFailure(voice.context, cause)
      expect(body.message).toMatch(EXPECTED[fault])
      expect(body.hint).not.toBe('')
      if (fault === 'status_429') expect(body).toMatchObject({ code: 'rate_limited', retry_after_ms: 7000 })
      expect(JSON.stringify(body)).not.toContain(KEY)
      expect(JSON.stringify(body)).not.toContain(SECRET)
      if (id !== 'livekit' && /^status_50/.test(fault)) expect(proxy.count() - before).toBe(2)
      await proxy.idle()
      await proxy.fault()
      expect(seconds(await speak(caseVoice(one)))).toBeCloseTo(TONE_SECONDS, 2)
    })

    test('a slow beginning is waited for', async () => {
      await proxy.fault('slow_first_byte')
      expect(seconds(await speak(caseVoice(one)))).toBeCloseTo(TONE_SECONDS, 2)
    })

    test('sound at half the rate is refused or followed where the answer says so', async () => {
      const voice = caseVoice(one)
      await proxy.fault('wrong_sample_rate')
      if (one.half_rate === 'refused') return expect(speak(voice)).rejects.toThrow(/sent sound at 12000 Hz instead of 24000 Hz/)
      const chunks = await speak(voice)
      const rate = one.half_rate === 'followed' ? sample_rate / 2 : sample_rate
      expect(new Set(chunks.map((chunk) => chunk.sample_rate))).toEqual(new Set([rate]))
      if (id === 'piper') expect(hertz(chunks) / TONE_HERTZ).toBeCloseTo(1, 1)
    })

    test('half an answer is half a clause, or an error when it cannot be read', async () => {
      await proxy.fault('half_json')
      const voice = caseVoice(one)
      if (!one.json) expect(seconds(await speak(voice))).toBeGreaterThan(0)
      else {
        const cause: unknown = await speak(voice).catch((thrown: unknown) => thrown)
        expect(providerFailure(voice.context, cause).message).toMatch(/cannot be read|made no sound|broke off/)
      }
      await proxy.idle()
    })
  },
)

test('an older Piper server is asked at its only address', async () => {
  const old = await startTtsServer({ old_piper: true })
  const voice = voiceOf('piper', { base_url: old.url })
  expect(seconds(await speak(voice))).toBeCloseTo(TONE_SECONDS, 2)
  await speak(voice)
  expect(old.requests.map(({ path }) => path)).toEqual(['/synthesize', '/', '/'])
  await old.close()
})

test('LiveKit Inference gets a token with its grant, signed with the secret', async () => {
  const one = ttsCases.find(({ id }) => id === 'livekit')
  if (!one) throw new Error('livekit is in the table')
  await speak(caseVoice(one))
  const [header = '', claims = '', signature] = (server.requests.at(-1)?.headers.authorization ?? '')
    .replace('Bearer ', '')
    .split('.')
  expect(signature).toBe(createHmac('sha256', SECRET).update(`${header}.${claims}`).digest('base64url'))
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: KEY, inference: { perform: true } })
})

test('a voice of another provider is asked without its key', async () => {
  const voice = voiceOf('kokoro', { base_url: `${server.url}/v1`, api_key: undefined })
  await speak(voice)
  expect(server.requests.at(-1)?.headers.authorization).toBeUndefined()
})

test('Gemini’s WAVs are heard without their headers', async () => {
  const chunks = await speak(voiceOf('google', { base_url: `${server.url}/v1beta` }), `Good morning ${AS_WAV}.`)
  expect(seconds(chunks)).toBeCloseTo(TONE_SECONDS, 2)
  const pcm = chunks.flatMap((chunk) => [...chunk.pcm])
  const steepest = Math.max(...pcm.map((sample, index) => Math.abs(sample - (pcm[index - 1] ?? 0))))
  expect(steepest).toBeLessThan(3000)
})
