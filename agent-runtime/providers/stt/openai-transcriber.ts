import * as z from 'zod'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Transcriber } from './transcriber.ts'
import { connectionOf } from '../connection.ts'
import { bearer, post } from '../http.ts'
import { toWav } from './wav.ts'

const TIMEOUT_MS = 20_000
const Transcription = z.looseObject({ text: z.string() })

/** Any server with /audio/transcriptions. Each utterance is sent once, when the caller has finished: it costs money. */
export function createOpenAiTranscriber({ document, secrets }: ProviderScope): Transcriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  return {
    eager: false,
    async transcribe(pcm, signal) {
      const form = new FormData()
      form.set('file', new Blob([toWav(pcm, UP_SAMPLE_RATE)], { type: 'audio/wav' }), 'speech.wav')
      form.set('model', server.model)
      form.set('response_format', 'json')
      if (config.language) form.set('language', config.language)
      const response = await post({
        url: `${server.base_url}/audio/transcriptions`,
        headers: bearer(server.key),
        body: form,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      return Transcription.parse(await response.json()).text.trim()
    },
    context: server.context,
  }
}
