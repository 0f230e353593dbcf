import { AudioFrame, AudioResampler } from '@livekit/rtc-node'
import * as z from 'zod'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { sttProviders } from '../../../core/providers/index.ts'
import { connectionOf } from '../connection.ts'
import { bearer } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import { realtimeStatus } from '../realtime-status.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createOpenAiTranscriber } from './openai-transcriber.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { LineLost, type Outgoing } from '../socket-line.ts'
import { patienceOf } from './stt-options.ts'
import { base64, NO_REASON, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { Transcriber } from './transcriber.ts'

/** The one rate that their realtime sessions take. */
const SAMPLE_RATE = 24_000

/** Live models hear while the caller speaks; the others get one utterance at a time. */
export function createOpenAi(scope: ProviderScope): Transcriber {
  const config = scope.document.stt_config
  const server = connectionOf('stt', config, scope.secrets)
  const known = sttProviders.openai.models.find(({ id }) => id === server.model)
  if (!(known?.streaming ?? /live|realtime/.test(server.model))) return createOpenAiTranscriber(scope)
  const url = socketUrl(`${server.base_url}/realtime`, { intent: 'transcription' })
  return createSocketTranscriber(
    { request: () => ({ url, headers: bearer(server.key) }), talk: () => talk(server.model, config.language) },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

const Event = z.looseObject({
  type: z.string(),
  item_id: z.string().default(''),
  delta: z.string().default(''),
  transcript: z.string().default(''),
})
const TRANSCRIPTION = 'conversation.item.input_audio_transcription'
const Failed = z.looseObject({
  type: z.enum(['error', `${TRANSCRIPTION}.failed`]),
  error: z.looseObject({ code: z.string().nullish(), type: z.string().nullish(), message: z.string().nullish() }),
})
const TOO_SHORT = 'input_audio_buffer_commit_empty'

/** https://developers.openai.com/api/docs/guides/realtime-transcription */
function talk(model: string, language: string): SttTalk {
  const session = {
    type: 'transcription',
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: SAMPLE_RATE },
        transcription: { model, ...(language ? { language } : {}) },
        turn_detection: null,
      },
    },
  }
  return {
    opening: [JSON.stringify({ type: 'session.update', session })],
    isReady: (message) => textIn(message, 'type') === 'session.updated',
    failure(message) {
      const failed = Failed.safeParse(message).data
      if (!failed || failed.error.code === TOO_SHORT) return undefined
      const { code, type, message: text } = failed.error
      // A session may last an hour: another is opened.
      if (code === 'session_expired') return new LineLost(code)
      return new HttpFailure(realtimeStatus(`${code ?? ''} ${type ?? ''}`), text ?? code ?? NO_REASON)
    },
    audio: createUpsampler(),
    finalize: () => ['{"type":"input_audio_buffer.commit"}'],
    utterance: () => {
      const items = new Map<string, string>()
      return (raw, finishing) => {
        const event = Event.safeParse(raw).data
        const soFar = (done: boolean) => ({ text: [...items.values()].join(' '), done: finishing && done, settled: done })
        switch (event?.type) {
          case `${TRANSCRIPTION}.delta`:
            items.set(event.item_id, (items.get(event.item_id) ?? '') + event.delta)
            return soFar(false)
          case `${TRANSCRIPTION}.completed`:
            items.set(event.item_id, event.transcript)
            return soFar(true)
          // The only error that is no failure: there was nothing to commit.
          case 'error':
            return soFar(true)
          default:
            return undefined
        }
      }
    },
  }
}

function createUpsampler(): (pcm: Int16Array, last: boolean) => readonly Outgoing[] {
  let resampler: AudioResampler | undefined
  return (pcm, last) => {
    resampler ??= new AudioResampler(UP_SAMPLE_RATE, SAMPLE_RATE, 1)
    const frames = resampler.push(new AudioFrame(pcm, UP_SAMPLE_RATE, 1, pcm.length))
    if (last) {
      frames.push(...resampler.flush())
      resampler.close()
      resampler = undefined
    }
    return frames.map(({ data }) => JSON.stringify({ type: 'input_audio_buffer.append', audio: base64(data.slice()) }))
  }
}
