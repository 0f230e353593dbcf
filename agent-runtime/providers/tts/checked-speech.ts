import { joinPcm } from '../../../core/join-pcm.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { EmptyAnswer, type ProviderFailureContext } from '../provider-failure.ts'
import { createNoiseGuard } from './noise-guard.ts'
import { soundKind } from './sound-kind.ts'
import { readWavHeader } from './wav-header.ts'
import type { SpokenChunk } from './voice.ts'

/** A piece of an answer; `type` is the Content-Type or MIME type that came with it. */
export type SoundPiece = Readonly<{ bytes: Uint8Array; type: string }>
type Options = Readonly<{ sample_rate: number; may_differ?: boolean; context: ProviderFailureContext }>

const LEAST_RATE = 8000
const MOST_RATE = 48_000
/** Softer than this everywhere is silence. */
const AUDIBLE = 8

/**
 * Speech from whatever a provider sent: raw PCM16 mono, or WAV at the rate that it names. Everything else (MP3, text, other formats
 * and rates, noise) throws a StudioError before any of it is heard; silence throws EmptyAnswer.
 */
export async function* checkedSpeech(pieces: AsyncIterable<SoundPiece>, options: Options): AsyncGenerator<SpokenChunk> {
  const reader = createReader(options)
  for await (const { bytes, type } of pieces) {
    const chunk = reader.push(bytes, type)
    if (chunk) yield chunk
  }
  const rest = reader.end()
  if (rest) yield rest
}

function createReader({ sample_rate: asked, context, may_differ = false }: Options) {
  const head = createHead(asked, may_differ, context)
  let guard: ReturnType<typeof createNoiseGuard> | undefined
  let sample_rate = asked
  let left: number | undefined
  let odd = new Uint8Array(0)
  let audible = false
  let silence: Int16Array = new Int16Array(0)

  /** Silence before the first sound is held back: whoever waits for a voice must not take it for one. */
  const heard = (pcm: Int16Array): SpokenChunk | undefined => {
    const all = silence.length > 0 ? joinPcm([silence, pcm]) : pcm
    audible ||= pcm.some((sample) => Math.abs(sample) > AUDIBLE)
    silence = audible ? new Int16Array(0) : all
    return audible && all.length > 0 ? { sample_rate, pcm: all } : undefined
  }
  const samples = (bytes: Uint8Array): SpokenChunk | undefined => {
    const mine = left === undefined ? bytes : bytes.subarray(0, left)
    if (left !== undefined) left -= mine.length
    const all = concat(odd, mine)
    const whole = all.length - (all.length % 2)
    odd = all.slice(whole)
    guard ??= createNoiseGuard(sample_rate, () => bad(context, 'sent noise instead of speech', FORMAT_HINT))
    return heard(guard.push(new Int16Array(all.buffer.slice(0, whole))))
  }
  const begin = (body: ReturnType<typeof head.push>): SpokenChunk | undefined => {
    if (!body) return undefined
    sample_rate = body.sample_rate
    left = body.data_bytes
    return samples(body.bytes)
  }
  return {
    push: (bytes: Uint8Array, type: string) => (head.open() ? begin(head.push(bytes, type)) : samples(bytes)),
    end(): SpokenChunk | undefined {
      const first = head.open() ? begin(head.end()) : undefined
      const rest = guard && heard(guard.end())
      if (!audible) throw new EmptyAnswer('there was no sound in the answer')
      return first && rest ? { sample_rate, pcm: joinPcm([first.pcm, rest.pcm]) } : (first ?? rest)
    },
  }
}

type Body = Readonly<{ bytes: Uint8Array; sample_rate: number; data_bytes: number | undefined }>
const FORMAT_HINT = 'It has to send raw PCM (16 bits, one channel) or WAV; see its log and base_url.'

/** Collects the first bytes until it is known what they are. */
function createHead(asked: number, may_differ: boolean, context: ProviderFailureContext) {
  let bytes = new Uint8Array(0)
  let content_type = ''
  let open = true
  const look = (ended: boolean): Body | undefined => {
    const kind = soundKind(bytes, content_type, ended)
    if (kind === undefined) return undefined
    if (kind === 'pcm') return { bytes, sample_rate: rate(), data_bytes: undefined }
    if (kind === 'wav') return wavBody(ended)
    throw bad(context, `sent ${kind} instead of raw sound`, FORMAT_HINT)
  }
  const rate = (): number => {
    const named = rateOf(content_type, context) ?? asked
    if (named === asked || may_differ) return plausible(named, context)
    throw bad(
      context,
      `sent sound at ${named} Hz instead of ${asked} Hz`,
      'Is base_url right, and does nothing stand in between?',
    )
  }
  const wavBody = (ended: boolean): Body | undefined => {
    const header = readable()
    if (!header && !ended) return undefined
    if (!header) throw bad(context, 'sent a WAV that breaks off', 'Try again.')
    if (header.unplayable) throw bad(context, `sent a WAV that cannot be played (${header.unplayable})`, FORMAT_HINT)
    const { data_at, data_bytes, sample_rate } = header
    return { bytes: bytes.subarray(data_at), sample_rate: plausible(sample_rate, context), data_bytes }
  }
  const readable = () => {
    try {
      return readWavHeader(bytes)
    } catch {
      throw bad(context, 'sent a WAV without sound in it', FORMAT_HINT)
    }
  }
  const closing = (body: Body | undefined) => {
    if (body) open = false
    return body
  }
  return {
    open: () => open,
    push(more: Uint8Array, type: string): Body | undefined {
      bytes = concat(bytes, more)
      content_type ||= type
      return closing(look(false))
    },
    end: () => closing(look(true)),
  }
}

/** `audio/L16;rate=16000;channels=1` */
function rateOf(content_type: string, context: ProviderFailureContext): number | undefined {
  const channels = /channels\s*=\s*"?(\d+)/i.exec(content_type)?.[1]
  if (channels !== undefined && channels !== '1') throw bad(context, `sent ${channels} channels instead of one`, FORMAT_HINT)
  const named = /rate\s*=\s*"?(\d+)/i.exec(content_type)?.[1]
  return named === undefined ? undefined : Number(named)
}

function plausible(rate: number, context: ProviderFailureContext): number {
  if (rate >= LEAST_RATE && rate <= MOST_RATE) return rate
  throw bad(context, `sent sound at ${rate} Hz`, `Only ${LEAST_RATE} to ${MOST_RATE} Hz can be played.`)
}

const bad = ({ name }: ProviderFailureContext, what: string, hint: string) =>
  new StudioError('provider_failed', `The TTS (${name}) ${what}`, hint)

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}
