import type { TtsProviderId } from '../../../core/providers/index.ts'
import type { Json } from '../../../core/json.ts'

export const TEXT = 'Hello there, Ana. '
export const STYLE = 'Calm and clear, a little slower.'
export const KEY = 'sk-tts-0123456789'
export const SECRET = 'secret-tts-0123456789'

type Asked = Readonly<{ path: string; headers?: Readonly<Record<string, string>>; body: Json }>

/** What one adapter sends for TEXT, and what its vendor's documents say about it. */
export type TtsCase = Readonly<{
  id: Exclude<TtsProviderId, 'builtin' | 'espeak-ng'>
  /** Where the protocol is published. */
  source: string
  /** Behind the test server's own address. */
  base_path: string
  config?: Readonly<{ model?: string; voice_id?: string; speed?: number; language?: string }>
  plain: Asked
  /** With STYLE in the voice-style field; absent: the voice takes none. */
  styled?: Json
  sample_rate: number
  /** What becomes of an answer at half the rate that says so itself; `unseen`: nothing in it says so. */
  half_rate: 'refused' | 'followed' | 'unseen'
  /** JSON, so that half of it cannot be read. */
  json?: boolean
}>

const bearer = { authorization: `Bearer ${KEY}` }
const openai = (body: Readonly<Record<string, Json>>) => ({
  path: '/v1/audio/speech',
  headers: bearer,
  body: { input: TEXT, response_format: 'pcm', ...body },
})
const raw24 = { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 }
const contents = (part: Readonly<Record<string, Json>>, voiceName = 'Kore') => ({
  contents: [{ role: 'user', parts: [part] }],
  generationConfig: { responseModalities: ['AUDIO'], speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName } } } },
})
const JACQUELINE = '9626c31c-bec5-4cca-baa8-f8ba9e84c8bc'
const sonic = { model: 'cartesia/sonic-3', voice: JACQUELINE }
const session = (extra: Readonly<Record<string, Json>>) => [
  { type: 'session.create', sample_rate: '24000', encoding: 'pcm_s16le', ...sonic, extra },
  { type: 'input_transcript', transcript: TEXT, generation_config: sonic, extra },
  { type: 'session.flush' },
]
const elevenLabs = {
  path: '/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb/stream?output_format=pcm_24000',
  headers: { 'xi-api-key': KEY },
}

export const ttsCases: readonly TtsCase[] = [
  {
    id: 'openai',
    source: 'https://developers.openai.com/api/reference/resources/audio/subresources/speech/methods/create',
    base_path: '/v1',
    config: { voice_id: 'sage', speed: 1.1 },
    plain: openai({ model: 'gpt-4o-mini-tts', voice: 'sage', speed: 1.1 }),
    styled: openai({ model: 'gpt-4o-mini-tts', voice: 'sage', speed: 1.1, instructions: STYLE }).body,
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'openai-compatible',
    source: 'https://developers.openai.com/api/reference/resources/audio/subresources/speech/methods/create',
    base_path: '/v1',
    config: { model: 'some-local-model', voice_id: 'nova' },
    plain: openai({ model: 'some-local-model', voice: 'nova' }),
    styled: openai({ model: 'some-local-model', voice: 'nova', instructions: STYLE }).body,
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'kokoro',
    source: 'https://github.com/remsky/Kokoro-FastAPI',
    base_path: '/v1',
    plain: openai({ model: 'kokoro', voice: 'af_heart', stream: true }),
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'elevenlabs',
    source: 'https://elevenlabs.io/docs/api-reference/text-to-speech/stream',
    base_path: '/v1',
    plain: { ...elevenLabs, body: { text: TEXT, model_id: 'eleven_flash_v2_5' } },
    styled: { text: TEXT, model_id: 'eleven_flash_v2_5', voice_settings: { stability: 0.75, speed: 0.85 } },
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'elevenlabs',
    source: 'https://elevenlabs.io/docs/api-reference/text-to-speech/stream',
    base_path: '/v1',
    config: { model: 'eleven_v4_turbo', language: 'en', speed: 0.9 },
    plain: {
      ...elevenLabs,
      body: { text: TEXT, model_id: 'eleven_v4_turbo', language_code: 'en', voice_settings: { speed: 0.9 } },
    },
    styled: { text: `[calm] [slowly] ${TEXT}`, model_id: 'eleven_v4_turbo', language_code: 'en', voice_settings: { speed: 0.9 } },
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'cartesia',
    source: 'https://docs.cartesia.ai/api-reference/tts/bytes',
    base_path: '',
    config: { language: 'en' },
    plain: {
      path: '/tts/bytes',
      headers: { ...bearer, 'cartesia-version': '2026-03-01' },
      body: {
        model_id: 'sonic-3',
        transcript: TEXT,
        voice: { mode: 'id', id: 'f786b574-daa5-4673-aa0c-cbe3e8534c02' },
        output_format: raw24,
        language: 'en',
      },
    },
    styled: {
      model_id: 'sonic-3',
      transcript: TEXT,
      voice: { mode: 'id', id: 'f786b574-daa5-4673-aa0c-cbe3e8534c02' },
      output_format: raw24,
      language: 'en',
      generation_config: { emotion: 'calm', speed: 0.85 },
    },
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'deepgram',
    source: 'https://developers.deepgram.com/reference/text-to-speech/speak-request',
    base_path: '/v1',
    config: { voice_id: 'thalia-en', speed: 0.9 },
    plain: {
      path: '/v1/speak?model=aura-2-thalia-en&encoding=linear16&sample_rate=24000&container=none&speed=0.9',
      headers: { authorization: `Token ${KEY}` },
      body: { text: TEXT },
    },
    sample_rate: 24_000,
    half_rate: 'refused',
  },
  {
    id: 'deepgram',
    source: 'https://developers.deepgram.com/reference/speak/v-2/audio/generate',
    base_path: '/v1',
    config: { model: 'flux', voice_id: 'flux-haley-en' },
    plain: {
      path: '/v2/speak?model=flux-haley-en&encoding=linear16&sample_rate=24000&container=none',
      headers: { authorization: `Token ${KEY}` },
      body: { text: TEXT },
    },
    sample_rate: 24_000,
    half_rate: 'refused',
  },
  {
    id: 'google',
    source: 'https://ai.google.dev/gemini-api/docs/speech-generation',
    base_path: '/v1beta',
    plain: {
      path: '/v1beta/models/gemini-3.8-flash-lite-tts:streamGenerateContent?alt=sse',
      headers: { 'x-goog-api-key': KEY },
      body: contents({ text: TEXT }),
    },
    styled: contents({ text: TEXT, speechMetadata: { style: STYLE } }),
    sample_rate: 24_000,
    half_rate: 'followed',
    json: true,
  },
  {
    id: 'google',
    source: 'https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/text-to-speech/migration-guide',
    base_path: '/v1beta',
    config: { model: 'gemini-3.1-flash-tts-preview', voice_id: 'Puck' },
    plain: {
      path: '/v1beta/models/gemini-3.1-flash-tts-preview:streamGenerateContent?alt=sse',
      headers: { 'x-goog-api-key': KEY },
      body: contents({ text: TEXT }, 'Puck'),
    },
    styled: contents({ text: `${STYLE}:\n"Hello there, Ana."` }, 'Puck'),
    sample_rate: 24_000,
    half_rate: 'followed',
    json: true,
  },
  {
    id: 'google-cloud',
    source: 'https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize',
    base_path: '/v1',
    config: { voice_id: 'de-DE-Chirp3-HD-Kore', speed: 1.2 },
    plain: {
      path: '/v1/text:synthesize',
      headers: { 'x-goog-api-key': KEY },
      body: {
        input: { text: TEXT },
        voice: { languageCode: 'de-DE', name: 'de-DE-Chirp3-HD-Kore' },
        audioConfig: { audioEncoding: 'LINEAR16', sampleRateHertz: 24_000, speakingRate: 1.2 },
      },
    },
    sample_rate: 24_000,
    half_rate: 'unseen',
    json: true,
  },
  {
    id: 'xai',
    source: 'https://docs.x.ai/developers/model-capabilities/audio/text-to-speech',
    base_path: '/v1',
    config: { voice_id: 'ara' },
    plain: {
      path: '/v1/tts',
      headers: bearer,
      body: {
        text: TEXT,
        voice_id: 'ara',
        language: 'auto',
        output_format: { codec: 'pcm', sample_rate: 24_000 },
        optimize_streaming_latency: 1,
      },
    },
    styled: {
      text: '<slow><soft>Hello there, Ana.</soft></slow> ',
      voice_id: 'ara',
      language: 'auto',
      output_format: { codec: 'pcm', sample_rate: 24_000 },
      optimize_streaming_latency: 1,
    },
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'async',
    source: 'https://docs.async.ai/text-to-speech-stream-16699696e0',
    base_path: '',
    config: { model: 'async_flash_v1.0', speed: 1.1, language: 'de' },
    plain: {
      path: '/text_to_speech/streaming',
      headers: { 'x-api-key': KEY, version: 'v1' },
      body: {
        model_id: 'async_flash_v1.0',
        transcript: TEXT,
        voice: { mode: 'id', id: 'e0f39dc4-f691-4e78-bba5-5c636692cc04' },
        output_format: raw24,
        language: 'de',
        speed_control: 1.1,
      },
    },
    sample_rate: 24_000,
    half_rate: 'unseen',
  },
  {
    id: 'piper',
    source: 'https://github.com/OHF-Voice/piper1-gpl/blob/main/docs/API_HTTP.md',
    base_path: '',
    config: { voice_id: 'en_US-lessac-medium', speed: 1.25 },
    plain: { path: '/synthesize', body: { text: TEXT, voice: 'en_US-lessac-medium', length_scale: 0.8 } },
    sample_rate: 22_050,
    half_rate: 'followed',
  },
  {
    id: 'livekit',
    source: 'https://github.com/livekit/agents-js/blob/main/agents/src/inference/api_protos.ts',
    base_path: '/v1',
    plain: { path: '/v1/tts?model=cartesia%2Fsonic-3', body: session({}) },
    styled: session({ emotion: 'calm', speed: 0.85 }),
    sample_rate: 24_000,
    half_rate: 'unseen',
    json: true,
  },
]
