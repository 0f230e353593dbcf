import * as z from 'zod'
import type { Json } from '../../../core/json.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { post } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { LineLost } from '../socket-line.ts'
import { patienceOf, timeLimit } from './stt-options.ts'
import { base64, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { Transcriber, UtteranceTranscriber } from './transcriber.ts'
import { wavFile } from './wav.ts'

const Message = z.looseObject({ message_type: z.string(), text: z.string().default('') })
const Transcription = z.looseObject({ text: z.string() })

/** Scribe: while the caller speaks where the model can, otherwise utterance by utterance. */
export function createElevenLabsTranscriber(scope: ProviderScope): Transcriber {
  const config = scope.document.stt_config
  const server = connectionOf('stt', config, scope.secrets)
  if (!server.model.includes('realtime')) return createScribe(scope, server)
  const url = socketUrl(`${server.base_url}/v1/speech-to-text/realtime`, {
    model_id: server.model,
    audio_format: 'pcm_16000',
    commit_strategy: 'manual',
    language_code: config.language,
  })
  return createSocketTranscriber(
    { request: () => ({ url, headers: keyHeader(server) }), talk, idle: { every_ms: 10_000, message: chunk('', false) } },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

const keyHeader = ({ key }: Connection): Readonly<Record<string, string>> => (key ? { 'xi-api-key': key } : {})

const chunk = (audio: string, commit: boolean): string =>
  JSON.stringify({ message_type: 'input_audio_chunk', audio_base_64: audio, commit, sample_rate: 16_000 })

/** https://elevenlabs.io/docs/api-reference/speech-to-text/v-1-speech-to-text-realtime */
const talk = (): SttTalk => ({
  opening: [],
  isReady: (message) => typeOf(message) === 'session_started',
  failure: (message) => failureOf(typeOf(message), textIn(message, 'error', 'message')),
  audio: (pcm) => [chunk(base64(pcm), false)],
  finalize: () => [chunk('', true)],
  utterance: () => {
    const committed: string[] = []
    return (raw, finishing) => {
      const message = Message.safeParse(raw).data
      switch (message?.message_type) {
        case 'partial_transcript':
          return { text: [...committed, message.text].join(' '), done: false, settled: false }
        case 'committed_transcript':
          if (message.text !== '') committed.push(message.text.trim())
          return { text: committed.join(' '), done: finishing, settled: true }
        // Too little was said for a commit.
        case 'commit_throttled':
        case 'insufficient_audio_activity':
          return { text: committed.join(' '), done: finishing, settled: true }
        default:
          return undefined
      }
    }
  },
})

const typeOf = (message: Json): string => textIn(message, 'message_type') ?? ''

const STATUS: Readonly<Record<string, number>> = {
  auth_error: 401,
  unaccepted_terms: 403,
  unaccepted_terms_error: 403,
  quota_exceeded: 402,
  rate_limited: 429,
  queue_overflow: 429,
  resource_exhausted: 503,
  transcriber_error: 500,
  input_error: 400,
  chunk_size_exceeded: 400,
  error: 400,
}

function failureOf(type: string, text: string | undefined): Error | undefined {
  // Another session is opened.
  if (type === 'session_time_limit_exceeded') return new LineLost(type)
  const status = STATUS[type]
  return status === undefined ? undefined : new HttpFailure(status, text ?? type)
}

/** https://elevenlabs.io/docs/api-reference/speech-to-text/convert */
function createScribe({ document }: ProviderScope, server: Connection): UtteranceTranscriber {
  const { language } = document.stt_config
  return {
    mode: 'utterance',
    eager: false,
    async transcribe(pcm, signal) {
      const form = new FormData()
      form.set('model_id', server.model)
      form.set('file', wavFile(pcm), 'speech.wav')
      form.set('tag_audio_events', 'false')
      if (language) form.set('language_code', language)
      const response = await post({
        url: `${server.base_url}/v1/speech-to-text`,
        headers: keyHeader(server),
        body: form,
        signal: timeLimit(document.stt_config, signal),
      })
      return Transcription.parse(await response.json()).text.trim()
    },
    context: server.context,
  }
}
