import * as z from 'zod'
import { connectionOf } from '../connection.ts'
import { HttpFailure } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createSocketTranscriber } from './socket-transcriber.ts'
import { LineLost } from '../socket-line.ts'
import { patienceOf, termsOf } from './stt-options.ts'
import { NO_REASON, rawAudio, socketUrl, textIn, type SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'

const Turn = z.looseObject({
  type: z.literal('Turn'),
  turn_order: z.number().default(0),
  transcript: z.string().default(''),
  /** Words that the transcript does not hold yet are among these. */
  words: z.array(z.looseObject({ text: z.string() })).default([]),
  end_of_turn: z.boolean().default(false),
  turn_is_formatted: z.boolean().default(false),
})

/** Silence after which they end a turn themselves: longer than any within an utterance of ours, which we end. */
const MAX_TURN_SILENCE_MS = 2400

/** https://www.assemblyai.com/docs/streaming/message-sequence */
export function createAssemblyAiTranscriber({ document, secrets }: ProviderScope): StreamingTranscriber {
  const config = document.stt_config
  const server = connectionOf('stt', config, secrets)
  const universal = server.model.startsWith('universal-streaming')
  // Newer models always write punctuation and capitals; asking them to is an error.
  const formatted = universal && config['format_turns'] !== false
  const terms = termsOf(config)
  const url = socketUrl(`${server.base_url}/v3/ws`, {
    speech_model: server.model,
    sample_rate: 16_000,
    encoding: 'pcm_s16le',
    format_turns: formatted ? true : undefined,
    end_of_turn_confidence_threshold: universal ? 1 : undefined,
    min_turn_silence: universal ? undefined : MAX_TURN_SILENCE_MS,
    max_turn_silence: MAX_TURN_SILENCE_MS,
    language_codes: universal ? undefined : JSON.stringify([config.language]),
    keyterms_prompt: terms.length > 0 ? JSON.stringify(terms) : undefined,
  })
  return createSocketTranscriber(
    { request: () => ({ url, headers: server.key ? { authorization: server.key } : {} }), talk: () => talk(formatted) },
    { context: server.context, patience_ms: patienceOf(config) },
  )
}

function talk(formatted: boolean): SttTalk {
  let last_turn = -1
  return {
    opening: [],
    isReady: (message) => textIn(message, 'type') === 'Begin',
    failure(message) {
      if (textIn(message, 'type') !== 'Error') return undefined
      return failureOf(Number(textIn(message, 'error_code') ?? 0), textIn(message, 'error') ?? NO_REASON)
    },
    closed: (code, reason) => (code === 1008 || code >= 3000 ? failureOf(code, reason) : undefined),
    audio: rawAudio,
    finalize: () => ['{"type":"ForceEndpoint"}'],
    goodbye: '{"type":"Terminate"}',
    utterance: () => {
      const turns = new Map<number, string>()
      const before = last_turn
      return (message, finishing) => {
        const turn = Turn.safeParse(message).data
        if (!turn || turn.turn_order <= before) return undefined
        const spoken = turn.words.map(({ text }) => text).join(' ')
        turns.set(turn.turn_order, turn.end_of_turn || spoken === '' ? turn.transcript : spoken)
        const ended = turn.end_of_turn && (turn.turn_is_formatted || !formatted)
        if (ended) last_turn = turn.turn_order
        const text = [...turns.values()].filter(Boolean).join(' ')
        return { text, done: finishing && ended, settled: turn.end_of_turn }
      }
    },
  }
}

/** Their close codes: https://www.assemblyai.com/docs/streaming/common-session-errors-and-closures */
function failureOf(code: number, reason: string): Error {
  // A session may last three hours: another is opened.
  if (code === 3008) return new LineLost(reason)
  if (/balance|credit|payment|billing/i.test(reason)) return new HttpFailure(402, reason)
  if (/concurren|too many|rate limit/i.test(reason)) return new HttpFailure(429, reason)
  if (code === 1008 || code === 4001) return new HttpFailure(401, reason)
  return new HttpFailure(400, reason || `closed with ${code}`)
}
