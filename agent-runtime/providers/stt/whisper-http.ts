import * as z from 'zod'
import { parseJson } from '../../../core/json.ts'
import { connectionOf } from '../connection.ts'
import { bearer, post } from '../http.ts'
import type { ProviderScope } from '../provider-context.ts'
import { textOption, timeLimit } from './stt-options.ts'
import type { Transcriber } from './transcriber.ts'
import { wavFile } from './wav.ts'
import { createWhisperLive } from './whisper-live.ts'

const Transcription = z.looseObject({ text: z.string() })
const PATH = '/v1/audio/transcriptions'

/**
 * A Whisper of one's own, by the address that it has: `ws://` is WhisperLive; `…/asr` whisper-asr-webservice
 * (https://github.com/ahmetoner/whisper-asr-webservice, app/webservice.py); `…/inference` whisper.cpp's server; anything else speaks as
 * OpenAI does (speaches, faster-whisper-server, vLLM).
 */
export function createWhisperHttp(scope: ProviderScope): Transcriber {
  const config = scope.document.stt_config
  const base_url = config.base_url ?? textOption(config, 'url')
  if (/^wss?:/i.test(base_url ?? '')) return createWhisperLive(scope)
  const server = connectionOf('stt', { ...config, base_url }, scope.secrets)
  const url = new URL(server.base_url + (textOption(config, 'path') ?? PATH))
  const asr = url.pathname.endsWith('/asr')
  if (asr) {
    url.searchParams.set('task', 'transcribe')
    url.searchParams.set('output', 'json')
    if (config.language) url.searchParams.set('language', config.language)
  }
  const formOf = (pcm: Int16Array): FormData => {
    const form = new FormData()
    form.set(asr ? 'audio_file' : 'file', wavFile(pcm), 'speech.wav')
    if (asr) return form
    form.set('response_format', 'json')
    if (server.model) form.set('model', server.model)
    if (config.language) form.set('language', config.language)
    return form
  }
  return {
    mode: 'utterance',
    // Nobody is paid for it, but it may be one machine for many callers.
    eager: false,
    async transcribe(pcm, signal) {
      const response = await post({
        url: url.href,
        headers: bearer(server.key),
        body: formOf(pcm),
        signal: timeLimit(config, signal),
      })
      // A plain SyntaxError says best what came instead.
      const text = await response.text()
      return Transcription.parse(parseJson(text) ?? JSON.parse(text)).text.trim()
    },
    context: server.context,
  }
}
