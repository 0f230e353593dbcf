import { v7 } from 'uuid'
import * as z from 'zod'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { connectionOf } from '../connection.ts'
import { bearer } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { patienceOf, textOption } from './stt-options.ts'
import { NO_REASON, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

/** Silence behind an utterance: the server transcribes nothing shorter than a second, and decides by what follows. */
const TRAILING_SAMPLES = 16_000

const Segments = z.looseObject({
  segments: z.array(
    z.looseObject({
      start: z.coerce.number().default(0),
      end: z.coerce.number().default(0),
      text: z.string().default(''),
      completed: z.boolean().default(false),
    }),
  ),
})

/**
 * WhisperLive (https://github.com/collabora/WhisperLive, client.py and server.py): the server reads what it has heard again and again.
 * Its protocol has no word for "that was all": an utterance is over when it says the same twice after the last sample.
 */
export function createWhisperLive({ document, secrets }: ProviderScope): StreamingTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', { ...config, base_url: config.base_url ?? textOption(config, 'url') }, secrets)
  const url = socketUrl(`${server.base_url}${textOption(config, 'path') ?? ''}`)
  return createSocketTranscriber(
    { request: () => ({ url, headers: bearer(server.key) }), talk: () => talk(server.model, config.language) },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

function talk(model: string, language: string): SttTalk {
  const uid = v7()
  let sent = 0
  let before_that = ''
  return {
    opening: [
      JSON.stringify({
        uid,
        language: language || null,
        task: 'transcribe',
        model,
        use_vad: false,
        send_last_n_segments: 10,
        same_output_threshold: 3,
      }),
    ],
    isReady: (message) => textIn(message, 'message') === 'SERVER_READY',
    failure(message) {
      const status = textIn(message, 'status')
      if (status === 'WAIT') return new HttpFailure(429, 'All places of the server are taken.')
      if (status === 'ERROR') return new HttpFailure(500, textIn(message, 'message') ?? NO_REASON)
      return undefined
    },
    audio(pcm) {
      sent += pcm.length
      return [floats(pcm)]
    },
    finalize() {
      sent += TRAILING_SAMPLES
      return [floats(new Int16Array(TRAILING_SAMPLES))]
    },
    utterance: () => {
      const from = sent / UP_SAMPLE_RATE
      const said = before_that
      let before: string | undefined
      return (message, finishing) => {
        const heard = Segments.safeParse(message).data?.segments.filter(({ end }) => end > from)
        if (!heard || heard.length === 0) return undefined
        const whole = heard
          .map((segment) => segment.text.trim())
          .filter(Boolean)
          .join(' ')
        // What it has not settled yet it reads together with what follows.
        const text = (heard[0]?.start ?? from) < from && whole.startsWith(said) ? whole.slice(said.length).trim() : whole
        const settled = heard.every(({ completed }) => completed)
        const done = finishing && (text === before || settled)
        if (finishing) before = text
        if (done) before_that = text
        return { text, done, settled }
      }
    },
  }
}

const floats = (pcm: Int16Array): Uint8Array => new Uint8Array(Float32Array.from(pcm, (sample) => sample / 32_768).buffer)
