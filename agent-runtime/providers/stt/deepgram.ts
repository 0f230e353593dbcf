import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import type { ProviderScope } from '../provider-context.ts'
import { deepgramFailure } from './deepgram-failure.ts'
import { createDeepgramFlux } from './deepgram-flux.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { patienceOf, termsOf } from './stt-options.ts'
import { rawAudio, socketUrl, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

const Results = z.looseObject({
  type: z.literal('Results'),
  is_final: z.boolean().default(false),
  from_finalize: z.boolean().default(false),
  channel: z.looseObject({ alternatives: z.array(z.looseObject({ transcript: z.string() })) }),
})

/** https://developers.deepgram.com/reference/speech-to-text/listen-streaming, …/docs/finalize, …/docs/audio-keep-alive */
export function createDeepgramTranscriber(scope: ProviderScope): StreamingTranscriber {
  const config = scope.document.stt_config
  const server = connectionOf('stt', config, scope.secrets)
  if (server.model.startsWith('flux')) return createDeepgramFlux(scope)
  const url = new URL(
    socketUrl(`${server.base_url}/v1/listen`, {
      model: server.model,
      language: config.language,
      encoding: 'linear16',
      sample_rate: 16_000,
      channels: 1,
      interim_results: true,
      punctuate: true,
      smart_format: config['smart_format'] === true ? true : undefined,
      // Our own voice detection says where an utterance ends; theirs would only cut it into pieces.
      endpointing: false,
    }),
  )
  for (const term of termsOf(config)) url.searchParams.append('keyterm', term)
  return createSocketTranscriber(
    {
      request: () => ({ url: url.href, headers: server.key ? { authorization: `Token ${server.key}` } : {} }),
      talk,
      idle: { every_ms: 4000, message: '{"type":"KeepAlive"}' },
    },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

const talk = (): SttTalk => ({
  opening: [],
  failure: deepgramFailure,
  audio: rawAudio,
  finalize: () => ['{"type":"Finalize"}'],
  goodbye: '{"type":"CloseStream"}',
  utterance: () => {
    const final: string[] = []
    return (message, finishing) => {
      const results = Results.safeParse(message).data
      if (!results) return undefined
      const text = results.channel.alternatives[0]?.transcript ?? ''
      if (results.is_final && text !== '') final.push(text)
      const interim = results.is_final || text === '' ? [] : [text]
      return {
        text: [...final, ...interim].join(' '),
        done: finishing && results.from_finalize,
        settled: interim.length === 0,
      }
    }
  },
})
