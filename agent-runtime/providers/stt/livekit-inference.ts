import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import { bearer } from '../http.ts'
import { liveKitToken } from '../livekit-token.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { patienceOf } from './stt-options.ts'
import { base64, NO_REASON, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

const Message = z.looseObject({ type: z.string(), transcript: z.string().default('') })

/** LiveKit's gateway to other STTs, as its own client speaks to it: inference/stt.ts of @livekit/agents 1.9. */
export function createLiveKitTranscriber({ document, secrets }: ProviderScope): StreamingTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  const url = socketUrl(`${server.base_url}/stt`, { model: server.model })
  const token = () => (server.key && server.secret ? liveKitToken(server.key, server.secret) : undefined)
  return createSocketTranscriber(
    { request: () => ({ url, headers: bearer(token()) }), talk: () => talk(server.model, config.language) },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

function talk(model: string, language: string): SttTalk {
  const settings = { sample_rate: '16000', encoding: 'pcm_s16le', extra: {}, ...(language ? { language } : {}) }
  return {
    opening: [JSON.stringify({ type: 'session.create', model, settings })],
    failure(message) {
      if (textIn(message, 'type') !== 'error') return undefined
      const code = Number(textIn(message, 'code') ?? 0)
      const text = textIn(message, 'message') ?? NO_REASON
      return new HttpFailure(code >= 400 && code < 600 ? code : 500, text)
    },
    audio: (pcm) => [JSON.stringify({ type: 'input_audio', audio: base64(pcm) })],
    finalize: () => ['{"type":"session.finalize"}'],
    goodbye: '{"type":"session.close"}',
    utterance: () => {
      const final: string[] = []
      let finalized = false
      let interim = ''
      return (raw, finishing) => {
        const message = Message.safeParse(raw).data
        switch (message?.type) {
          case 'interim_transcript':
          case 'preflight_transcript':
            interim = message.transcript
            break
          case 'final_transcript':
            if (message.transcript !== '') final.push(message.transcript)
            interim = ''
            break
          // Not every model says so, and for some more words follow it.
          case 'session.finalized':
            finalized = true
            break
          default:
            return undefined
        }
        const settled = interim === ''
        const text = [...final, interim].filter(Boolean).join(' ')
        return { text, done: finishing && finalized && settled && text !== '', settled }
      }
    },
  }
}
