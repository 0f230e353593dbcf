import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import type { ProviderScope } from '../provider-context.ts'
import { deepgramFailure } from './deepgram-failure.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { patienceOf, termsOf } from './stt-options.ts'
import { rawAudio, socketUrl, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

const TurnInfo = z.looseObject({
  type: z.literal('TurnInfo'),
  event: z.string(),
  turn_index: z.number().default(0),
  transcript: z.string().default(''),
})

/** Flux with turns that we end: https://developers.deepgram.com/docs/flux/own-turn-detection */
export function createDeepgramFlux({ document, secrets }: ProviderScope): StreamingTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  const url = new URL(
    socketUrl(`${server.base_url}/v2/listen`, {
      model: server.model,
      encoding: 'linear16',
      sample_rate: 16_000,
      eot_threshold: '1.0',
      eot_timeout_ms: 30_000,
      language_hint: server.model.endsWith('-multi') ? config.language : undefined,
    }),
  )
  for (const term of termsOf(config)) url.searchParams.append('keyterm', term)
  return createSocketTranscriber(
    { request: () => ({ url: url.href, headers: server.key ? { authorization: `Token ${server.key}` } : {} }), talk },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

function talk(): SttTalk {
  // A turn that they ended on their own may be told late: its number says to which utterance it belongs.
  let last_turn = -1
  return {
    opening: [],
    failure: deepgramFailure,
    audio: rawAudio,
    finalize: () => ['{"type":"ForceEndTurn"}'],
    goodbye: '{"type":"CloseStream"}',
    utterance: () => {
      const turns = new Map<number, string>()
      const before = last_turn
      return (message, finishing) => {
        const info = TurnInfo.safeParse(message).data
        if (!info || info.turn_index <= before) return undefined
        const ended = info.event === 'EndOfTurn'
        turns.set(info.turn_index, info.transcript)
        if (ended) last_turn = info.turn_index
        const text = [...turns.values()].filter(Boolean).join(' ')
        return { text, done: finishing && ended, settled: ended || info.transcript === '' }
      }
    },
  }
}
