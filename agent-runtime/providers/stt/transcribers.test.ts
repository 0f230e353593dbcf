import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Json } from '../../../core/json.ts'
import {
  assemblyAiDialect,
  cartesiaDialect,
  deepgramDialect,
  elevenLabsDialect,
  fluxDialect,
  liveKitDialect,
  openAiLiveDialect,
  whisperLiveDialect,
} from '../testing/stt/dialects.ts'
import { startSttHttpServer, type SttHttpServer } from '../testing/stt/http-server.ts'
import { spoken, wordsIn } from '../testing/stt/spoken.ts'
import { startSttSocketServer, type SttDialect, type SttSocketServer } from '../testing/stt/socket-server.ts'
import { describeStt, KEY, transcriberOf } from '../testing/stt-contract.ts'
import { testStreaming } from '../testing/stt-stream-contract.ts'
import { transcribeAsSpoken } from './transcribe-as-spoken.ts'
import { transcribeOnce } from './transcribe-once.ts'

type Streaming = Readonly<{
  name: string
  block: Readonly<Record<string, unknown>>
  dialect: () => SttDialect
  finalize: string
  goodbye?: string
  path?: string
  /** The handshake as the provider documents it. */
  at: string
  query: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string>>
  /** The first text message, where there is one. */
  opening?: unknown
  secrets?: Readonly<Record<string, string>>
  key?: string
  refusals?: readonly (readonly [Json, RegExp])[]
  expired?: Json
}>

const SECRET = 'secret-0123456789'
/** HS256, checked with the secret as LiveKit's server does. */
const isToken = (token: string): boolean => {
  const [head = '', claims = '', signature] = token.split('.')
  const right = createHmac('sha256', SECRET).update(`${head}.${claims}`).digest('base64url')
  const said: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}')
  const { iss, inference, exp } = Object(said)
  return signature === right && iss === KEY && inference?.perform === true && exp > Date.now() / 1000
}

const streaming: readonly Streaming[] = [
  {
    name: 'Deepgram Nova',
    block: { provider: 'deepgram', model: 'nova-3', language: 'de', keyterms: 'Greenroom, RX-7' },
    refusals: [
      [{ type: 'Error', description: 'Unsupported language.', code: 'INVALID_QUERY' }, /refused the request \(400\)/],
      [{ type: 'Error', message: 'Invalid credentials.', code: 'INVALID_AUTH' }, /does not accept the key/],
    ],
    dialect: deepgramDialect,
    finalize: '{"type":"Finalize"}',
    goodbye: '{"type":"CloseStream"}',
    at: '/v1/listen',
    query: {
      model: 'nova-3',
      language: 'de',
      encoding: 'linear16',
      sample_rate: '16000',
      channels: '1',
      interim_results: 'true',
      punctuate: 'true',
      endpointing: 'false',
      keyterm: 'RX-7',
    },
    headers: { authorization: `Token ${KEY}` },
  },
  {
    name: 'Deepgram Flux',
    block: { provider: 'deepgram.com', model: 'flux-general-multi', language: 'es' },
    dialect: fluxDialect,
    finalize: '{"type":"ForceEndTurn"}',
    goodbye: '{"type":"CloseStream"}',
    at: '/v2/listen',
    query: {
      model: 'flux-general-multi',
      encoding: 'linear16',
      sample_rate: '16000',
      eot_threshold: '1.0',
      eot_timeout_ms: '30000',
      language_hint: 'es',
    },
    headers: { authorization: `Token ${KEY}` },
  },
  {
    name: 'AssemblyAI Universal-Streaming',
    block: { provider: 'assemblyai', model: 'universal-streaming-english' },
    refusals: [
      [
        { type: 'Error', error_code: 1008, error: 'Unauthorized Connection: Missing Authorization header' },
        /does not accept the key/,
      ],
      [{ type: 'Error', error_code: 1008, error: 'Insufficient account balance' }, /402|credit/],
      [{ type: 'Error', error_code: 1008, error: 'Unauthorized Connection: Too many concurrent sessions' }, /429/],
    ],
    expired: { type: 'Error', error_code: 3008, error: 'Session Expired: Maximum session duration exceeded' },
    dialect: assemblyAiDialect,
    finalize: '{"type":"ForceEndpoint"}',
    goodbye: '{"type":"Terminate"}',
    at: '/v3/ws',
    query: {
      speech_model: 'universal-streaming-english',
      sample_rate: '16000',
      encoding: 'pcm_s16le',
      format_turns: 'true',
      end_of_turn_confidence_threshold: '1',
      max_turn_silence: '2400',
    },
    headers: { authorization: KEY },
  },
  {
    name: 'AssemblyAI Pro',
    block: { provider: 'assemblyai', model: 'universal-3-5-pro', language: 'fr', keyterms: 'RX-7' },
    dialect: assemblyAiDialect,
    finalize: '{"type":"ForceEndpoint"}',
    goodbye: '{"type":"Terminate"}',
    at: '/v3/ws',
    query: {
      speech_model: 'universal-3-5-pro',
      sample_rate: '16000',
      encoding: 'pcm_s16le',
      min_turn_silence: '2400',
      max_turn_silence: '2400',
      language_codes: '["fr"]',
      keyterms_prompt: '["RX-7"]',
    },
    headers: { authorization: KEY },
  },
  {
    name: 'Cartesia',
    block: { provider: 'cartesia', language: 'en' },
    refusals: [
      [
        {
          type: 'error',
          title: 'Invalid model',
          message: 'The model is not valid.',
          error_code: 'model_not_found',
          status_code: 404,
        },
        /does not know the model "ink-2"/,
      ],
      [{ type: 'error', message: 'Quota exceeded', status_code: 402 }, /402|credit/],
    ],
    dialect: cartesiaDialect,
    finalize: 'finalize',
    goodbye: 'close',
    at: '/stt/websocket',
    query: { model: 'ink-2', language: 'en', encoding: 'pcm_s16le', sample_rate: '16000' },
    headers: { 'x-api-key': KEY, 'cartesia-version': '2026-03-01' },
  },
  {
    name: 'ElevenLabs realtime',
    block: { provider: 'elevenlabs', model: 'scribe_v2_realtime', language: 'en' },
    refusals: [
      [{ message_type: 'auth_error', error: 'Invalid key.' }, /does not accept the key/],
      [{ message_type: 'quota_exceeded', error: 'No credits.' }, /402|credit/],
      [{ message_type: 'rate_limited', error: 'Slower.' }, /429/],
      [{ message_type: 'transcriber_error', error: 'It fell over.' }, /fault of its own/],
    ],
    expired: { message_type: 'session_time_limit_exceeded', error: 'Too long.' },
    dialect: elevenLabsDialect,
    finalize: '{"message_type":"input_audio_chunk","audio_base_64":"","commit":true,"sample_rate":16000}',
    at: '/v1/speech-to-text/realtime',
    query: { model_id: 'scribe_v2_realtime', audio_format: 'pcm_16000', commit_strategy: 'manual', language_code: 'en' },
    headers: { 'xi-api-key': KEY },
  },
  {
    name: 'OpenAI live',
    block: { provider: 'openai', model: 'gpt-live-transcribe', language: 'en' },
    refusals: [
      [
        { type: 'error', error: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key.' } },
        /does not accept the key/,
      ],
      [{ type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'No money.' } }, /402|credit/],
      [
        {
          type: 'conversation.item.input_audio_transcription.failed',
          item_id: '1',
          error: { type: 'server_error', code: null, message: 'Oops.' },
        },
        /fault of its own/,
      ],
    ],
    expired: {
      type: 'error',
      error: { type: 'invalid_request_error', code: 'session_expired', message: 'Your session hit the maximum duration.' },
    },
    dialect: openAiLiveDialect,
    finalize: '{"type":"input_audio_buffer.commit"}',
    path: '/v1',
    at: '/v1/realtime',
    query: { intent: 'transcription' },
    headers: { authorization: `Bearer ${KEY}` },
    opening: {
      type: 'session.update',
      session: {
        type: 'transcription',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24_000 },
            transcription: { model: 'gpt-live-transcribe', language: 'en' },
            turn_detection: null,
          },
        },
      },
    },
  },
  {
    name: 'LiveKit Inference',
    block: { provider: 'livekit', model: 'deepgram/nova-3', api_secret: 'env:S', language: 'en' },
    refusals: [[{ type: 'error', code: 429, message: 'Quota.' }, /429/]],
    dialect: () => liveKitDialect(isToken),
    finalize: '{"type":"session.finalize"}',
    goodbye: '{"type":"session.close"}',
    path: '/v1',
    at: '/v1/stt',
    query: { model: 'deepgram/nova-3' },
    headers: {},
    opening: {
      type: 'session.create',
      model: 'deepgram/nova-3',
      settings: { sample_rate: '16000', encoding: 'pcm_s16le', extra: {}, language: 'en' },
    },
    secrets: { 'env:S': SECRET },
    key: 'livekit',
  },
  {
    name: 'WhisperLive',
    block: { provider: 'whisper-live', model: 'small', language: 'en' },
    refusals: [[{ uid: '1', status: 'ERROR', message: 'Out of memory.' }, /fault of its own/]],
    dialect: whisperLiveDialect,
    finalize: '',
    at: '/',
    query: {},
    headers: { authorization: `Bearer ${KEY}` },
    opening: { language: 'en', task: 'transcribe', model: 'small', use_vad: false, send_last_n_segments: 10 },
  },
]

for (const {
  name,
  block,
  dialect,
  finalize,
  goodbye,
  path = '',
  at,
  query,
  headers,
  opening,
  secrets = {},
  key = KEY,
  refusals = [],
  expired,
} of streaming) {
  let server: SttSocketServer
  const start = async () => (server = await startSttSocketServer(dialect, { key, hear: wordsIn }))
  const connect = () => {
    const transcriber = transcriberOf(
      { api_key: 'env:K', ...block, base_url: `${server.url}${path}` },
      { 'env:K': KEY, ...secrets },
    )
    if (transcriber.mode !== 'streaming') throw new Error(`${name} does not hear while somebody speaks`)
    return transcriber
  }
  describeStt({ name, block, start, path, secrets }, () => {
    test('opens as documented', async () => {
      const transcriber = connect()
      await transcribeOnce(transcriber, spoken('one'), new AbortController().signal)
      const ear = server.connections.at(-1)
      expect([ear?.path, ear?.query]).toEqual([at, query])
      expect(ear?.headers).toMatchObject(headers)
      if (opening !== undefined) expect(JSON.parse(ear?.texts[0] ?? 'null')).toMatchObject(Object(opening))
      transcriber.close()
    })
    testStreaming({
      ...{ server: () => server, connect, finalize, refusals },
      ...(goodbye === undefined ? {} : { goodbye }),
      ...(expired === undefined ? {} : { expired }),
    })
  })
}

type Whole = Readonly<{
  name: string
  block: Readonly<Record<string, unknown>>
  keyOf: Parameters<typeof startSttHttpServer>[0]['keyOf']
  answer: Parameters<typeof startSttHttpServer>[0]['answer']
  path?: string
  at: string
  expected: Readonly<Record<string, unknown>>
}>

const bearer: Whole['keyOf'] = ({ authorization }) => authorization?.replace('Bearer ', '')
const file = ['file', 'speech.wav']

const whole: readonly Whole[] = [
  {
    // https://developers.openai.com/api/docs/guides/speech-to-text
    name: 'OpenAI by utterance',
    block: { provider: 'openai', model: 'gpt-transcribe', language: 'en' },
    keyOf: bearer,
    answer: (text) => ({ text }),
    path: '/v1',
    at: '/v1/audio/transcriptions',
    expected: { file, fields: { model: 'gpt-transcribe', response_format: 'json', language: 'en' } },
  },
  {
    name: 'OpenAI-compatible',
    block: { provider: 'openai-compatible', model: 'whisper-1', language: 'de' },
    keyOf: bearer,
    answer: (text) => ({ text: ` ${text}\n` }),
    path: '/v1',
    at: '/v1/audio/transcriptions',
    expected: { file, fields: { model: 'whisper-1', response_format: 'json', language: 'de' } },
  },
  {
    // https://elevenlabs.io/docs/api-reference/speech-to-text/convert
    name: 'ElevenLabs Scribe by utterance',
    block: { provider: 'elevenlabs.io', model: 'scribe_v2', language: 'en' },
    keyOf: (headers) => String(headers['xi-api-key']),
    answer: (text) => ({ language_code: 'eng', language_probability: 1, text, words: [] }),
    at: '/v1/speech-to-text',
    expected: { file, fields: { model_id: 'scribe_v2', tag_audio_events: 'false', language_code: 'en' } },
  },
  {
    // https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize
    name: 'Google Cloud',
    block: { provider: 'google.com', language: 'de', keyterms: 'RX-7' },
    keyOf: (headers) => String(headers['x-goog-api-key']),
    answer: (text) =>
      text === ''
        ? {}
        : {
            results: text.split(' ').map((transcript) => ({ alternatives: [{ transcript, confidence: 1 }] })),
            totalBilledTime: '2s',
          },
    at: '/v1/speech:recognize',
    expected: {
      json: {
        config: {
          encoding: 'LINEAR16',
          sampleRateHertz: 16_000,
          audioChannelCount: 1,
          languageCode: 'de-DE',
          model: 'latest_short',
          enableAutomaticPunctuation: true,
          speechContexts: [{ phrases: ['RX-7'] }],
        },
      },
    },
  },
  {
    // https://github.com/speaches-ai/speaches
    name: 'Whisper server as OpenAI',
    block: { provider: 'whisper.local', model: 'small', language: 'en' },
    keyOf: bearer,
    answer: (text) => ({ text }),
    at: '/v1/audio/transcriptions',
    expected: { file, fields: { model: 'small', response_format: 'json', language: 'en' } },
  },
  {
    // https://github.com/ggml-org/whisper.cpp/tree/master/examples/server
    name: 'whisper.cpp',
    block: { provider: 'whisper-http', path: '/inference', language: 'en' },
    keyOf: bearer,
    answer: (text) => ({ text: ` ${text}\n` }),
    at: '/inference',
    expected: { file, fields: { response_format: 'json', language: 'en' } },
  },
  {
    // https://github.com/ahmetoner/whisper-asr-webservice, app/webservice.py
    name: 'whisper-asr-webservice',
    block: { provider: 'whisper-asr', path: '/asr', language: 'fr' },
    keyOf: bearer,
    answer: (text) => ({ text, segments: [], language: 'fr' }),
    at: '/asr',
    expected: { file: ['audio_file', 'speech.wav'], fields: {}, query: { task: 'transcribe', output: 'json', language: 'fr' } },
  },
]

for (const { name, block, keyOf, answer, path = '', at, expected } of whole) {
  let server: SttHttpServer
  const start = async () => (server = await startSttHttpServer({ key: KEY, hear: wordsIn, keyOf, answer }))
  describeStt({ name, block, start, path }, () => {
    test('sends an utterance as documented, to the sample', async () => {
      const transcriber = transcriberOf({ api_key: 'env:K', ...block, base_url: `${server.url}${path}` }, { 'env:K': KEY })
      const said = spoken('one two three')
      expect(await transcribeOnce(transcriber, said, new AbortController().signal)).toBe('one two three')
      const upload = server.uploads.at(-1)
      expect(upload).toMatchObject({ path: at, ...expected })
      expect(upload?.pcm).toEqual(said)
    })
  })
}

test('a check hears a sentence at the pace of a voice, and measures from its end', async () => {
  const server = await startSttSocketServer(deepgramDialect, { key: KEY, hear: wordsIn })
  const transcriber = transcriberOf({ provider: 'deepgram', base_url: server.url, api_key: 'env:K' }, { 'env:K': KEY })
  const began = performance.now()
  const { text, delay_ms } = await transcribeAsSpoken(transcriber, spoken('one two'), new AbortController().signal)
  expect(text).toBe('one two')
  expect(performance.now() - began - delay_ms).toBeGreaterThan(990)
  if (transcriber.mode === 'streaming') transcriber.close()
  await server.close()
})

test('the address of a Whisper may be its WebSocket, and may be called url', async () => {
  const server = await startSttSocketServer(whisperLiveDialect, { key: 'none', hear: wordsIn })
  const block = { provider: 'whisper.local', url: `${server.url.replace('http', 'ws')}`, path: '/ws', api_key: 'env:K' }
  const transcriber = transcriberOf(block, { 'env:K': 'none' })
  expect(transcriber.mode).toBe('streaming')
  expect(await transcribeOnce(transcriber, spoken('one two'), new AbortController().signal)).toBe('one two')
  expect(server.connections[0]?.path).toBe('/ws')
  if (transcriber.mode === 'streaming') transcriber.close()
  await server.close()
})
