import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { patienceOf } from './stt-options.ts'
import { NO_REASON, rawAudio, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

/** The protocol as it was then. */
const VERSION = '2026-03-01'

const Message = z.looseObject({ type: z.string(), is_final: z.boolean().default(false), text: z.string().default('') })

/** Manual finalization: https://docs.cartesia.ai/api-reference/stt/websocket */
export function createCartesiaTranscriber({ document, secrets }: ProviderScope): StreamingTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  const url = socketUrl(`${server.base_url}/stt/websocket`, {
    model: server.model,
    language: config.language,
    encoding: 'pcm_s16le',
    sample_rate: 16_000,
  })
  const headers = { 'cartesia-version': VERSION, ...(server.key ? { 'x-api-key': server.key } : {}) }
  return createSocketTranscriber(
    { request: () => ({ url, headers }), talk },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

const talk = (): SttTalk => ({
  opening: [],
  failure(message) {
    if (textIn(message, 'type') !== 'error') return undefined
    const text = textIn(message, 'message', 'title', 'error') ?? NO_REASON
    return new HttpFailure(Number(textIn(message, 'status_code') ?? 400), text)
  },
  audio: rawAudio,
  finalize: () => ['finalize'],
  goodbye: 'close',
  utterance: () => {
    // Pieces follow each other as they stand: "…Trimming may" and " join words".
    let final = ''
    return (raw, finishing) => {
      const message = Message.safeParse(raw).data
      if (message?.type === 'flush_done') return { text: final, done: finishing, settled: true }
      if (message?.type !== 'transcript') return undefined
      if (message.is_final) final += message.text
      return { text: message.is_final ? final : final + message.text, done: false, settled: false }
    }
  },
})
