import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadableStream } from 'node:stream/web'
import { PATIENCE_MS } from '../../../core/providers/index.ts'
import type { Connection } from '../connection.ts'
import { post, type Request } from '../http.ts'
import { HttpFailure } from '../provider-failure.ts'
import { checkedSpeech, type SoundPiece } from './checked-speech.ts'
import { createPatience } from './patience.ts'
import type { SpokenChunk, Voice } from './voice.ts'

export type SpeechRequest = Omit<Request, 'signal'>
/** The sound in an answer as it comes; the body itself for most. */
export type SoundOf = (response: Response) => AsyncIterable<SoundPiece>

type HttpVoice = Readonly<{
  server: Connection
  steerable: boolean
  /** Of raw PCM; WAV names its own. */
  sample_rate: number
  /** The request cannot ask for a rate: one that the answer names is right. Otherwise it would be an error. */
  may_differ?: boolean
  /** The document's `timeout_ms`. */
  patience_ms?: unknown
  request: (text: string, instructions: string | undefined) => SpeechRequest
  sound?: SoundOf
}>

const RETRY_MS = 150

/** A voice that is asked clause by clause over HTTP. One more try, soon, when a server stumbles before it has made a sound. */
export function createHttpVoice({ server, steerable, patience_ms, request, sound = bodyOf, ...rates }: HttpVoice): Voice {
  const longest = patienceOf(patience_ms)
  async function* once(asked: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpokenChunk> {
    const patience = createPatience(longest)
    try {
      patience.wait()
      const response = await post({ ...asked, signal: AbortSignal.any([signal, patience.signal]) })
      for await (const chunk of checkedSpeech(sound(response), { ...rates, context: server.context })) {
        patience.rest()
        yield chunk
        patience.wait()
      }
    } catch (cause) {
      throw patience.signal.aborted && !signal.aborted ? patience.signal.reason : cause
    } finally {
      patience.rest()
    }
  }
  return {
    steerable,
    context: server.context,
    async *speak(text, { signal, instructions, retry = true }) {
      if (!hasWords(text)) return
      const asked = request(text, steerable ? instructions : undefined)
      let spoken = false
      try {
        for await (const chunk of once(asked, signal)) {
          spoken = true
          yield chunk
        }
      } catch (cause) {
        if (spoken || !retry || signal.aborted || !isStumble(cause)) throw cause
        await sleep(RETRY_MS, undefined, { signal })
        yield* once(asked, signal)
      }
    },
  }
}

/** Marks and spaces alone have no sound. */
export const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

export const patienceOf = (timeout_ms: unknown): number =>
  typeof timeout_ms === 'number' && timeout_ms > 0 ? timeout_ms : PATIENCE_MS

async function* bodyOf(response: Response): AsyncGenerator<SoundPiece> {
  const body: ReadableStream<Uint8Array> | null = response.body
  const type = response.headers.get('content-type') ?? ''
  for await (const bytes of body ?? []) yield { bytes, type }
}

/** What may well be over a moment later: a dropped connection, a server that restarts. */
const isStumble = (cause: unknown): boolean =>
  cause instanceof HttpFailure
    ? [500, 502, 503, 504].includes(cause.status)
    : /ECONNRESET|UND_ERR_SOCKET|EPIPE/.test(codesOf(cause)) || (cause instanceof TypeError && cause.message === 'terminated')

const codesOf = (cause: unknown): string =>
  cause instanceof Error ? `${'code' in cause ? String(cause.code) : ''} ${codesOf(cause.cause)}` : ''
