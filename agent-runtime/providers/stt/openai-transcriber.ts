import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import { bearer, post } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { timeLimit } from './stt-options.ts'
import type { UtteranceTranscriber } from './transcriber.ts'
import { wavFile } from './wav.ts'

const Transcription = z.looseObject({ text: z.string() })

/** Any server with /audio/transcriptions. Each utterance is sent once, when the caller has finished: it costs money. */
export function createOpenAiTranscriber({ document, secrets }: ProviderScope): UtteranceTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  return {
    mode: 'utterance',
    eager: false,
    async transcribe(pcm, signal) {
      const form = new FormData()
      form.set('file', wavFile(pcm), 'speech.wav')
      form.set('model', server.model)
      form.set('response_format', 'json')
      if (config.language) form.set('language', config.language)
      const response = await post({
        url: `${server.base_url}/audio/transcriptions`,
        headers: bearer(server.key),
        body: form,
        signal: timeLimit(config, signal),
      })
      return Transcription.parse(await response.json()).text.trim()
    },
    context: server.context,
  }
}
