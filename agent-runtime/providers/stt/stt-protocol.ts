import { isJsonObject, type Json } from '../../../core/json.ts'
import type { LineProtocol, LineTalk, Outgoing } from '../socket-line.ts'

/** What a message says of the utterance that is being heard. */
export type HeardSoFar = Readonly<{
  /** All of it, interim words included. */
  text: string
  /** These are the last words of it. */
  done: boolean
  /** Nothing of it is interim: a provider with nothing left to say may leave a request to finalize unanswered. */
  settled: boolean
}>

/** Reads the messages about one utterance. `finishing`: its last words have been asked for. */
export type UtteranceReader = (message: Json, finishing: boolean) => HeardSoFar | undefined

/** A provider's streaming protocol, as far as providers differ. */
export type SttProtocol = LineProtocol<SttTalk>

export type SttTalk = LineTalk &
  Readonly<{
    /** A piece of PCM16 at 16 kHz as it is sent; `last`: of this utterance. */
    audio: (pcm: Int16Array, last: boolean) => readonly Outgoing[]
    /** Asks for the last words of what was sent. */
    finalize: () => readonly Outgoing[]
    /** One for each utterance, before its first piece is sent. */
    utterance: () => UtteranceReader
  }>

/** PCM16 little-endian, as it is sent as a binary message. */
export const rawAudio = (pcm: Int16Array): readonly Outgoing[] => [new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)]

export const base64 = (pcm: Int16Array): string => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64')

/** `https://host/path?a=1`: the same as `wss`; what is empty is left out. */
export function socketUrl(address: string, query: Readonly<Record<string, string | number | boolean | undefined>> = {}): string {
  const url = new URL(address.replace(/^http/i, 'ws'))
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value))
  return url.href
}

/** The first of these that a message holds as text or number, such as the reason of an error. */
export function textIn(message: Json, ...keys: readonly string[]): string | undefined {
  if (!isJsonObject(message)) return undefined
  const found = keys.map((key) => message[key]).find((value) => typeof value === 'string' || typeof value === 'number')
  return found === undefined ? undefined : String(found)
}

export const NO_REASON = 'It gave no reason.'
