import { joinPcm } from '../../core/join-pcm.ts'
import type { UtteranceTranscriber } from '../providers/stt/transcriber.ts'
import { joinedPieces, lengthOf, type Reading, type ReadingOptions } from './reading.ts'

/** Silence after which an eager transcriber is asked, in the hope that the caller is done. */
const EARLY_SILENCE_MS = 128
const INTERIM_EVERY_MS = 700
/** A piece of a long speech; transcribers take less than half a minute. */
const PIECE_MS = 24_000

type Decoding = Readonly<{ text: Promise<string>; stop: AbortController }>

/** The transcriber gets the utterance when it is over; an eager one is also asked before, and for words to show. */
export function readWhole(transcriber: UtteranceTranscriber, { clock, signal, onInterim }: ReadingOptions): Reading {
  const earlier: Promise<string>[] = []
  let windows: Int16Array[] = []
  let early: Decoding | undefined
  let interim: Decoding | undefined
  /** Length from which the next interim text is asked for; known when the lead is. */
  let interimFrom: number | undefined

  const decode = (purpose: 'interim' | 'final'): Decoding => {
    const stop = new AbortController()
    const text = transcriber.transcribe(joinPcm(windows), AbortSignal.any([stop.signal, signal]), purpose)
    // Whoever wants the text handles its failure; a decoding that was dropped has nobody.
    text.catch(() => {})
    return { text, stop }
  }
  const dropInterim = () => {
    interim?.stop.abort()
    interim = undefined
  }
  const dropEarly = () => {
    early?.stop.abort()
    early = undefined
  }
  const endPiece = () => {
    earlier.push(decode('final').text)
    dropInterim()
    windows = []
    interimFrom = 0
  }
  /** The caller may be done: nothing that is only for show may stand in the way of these words. */
  const guessEnd = () => {
    if (early) return
    dropInterim()
    early = decode('final')
  }
  const tellInterim = () => {
    if (interim) return
    const began = clock()
    const decoding = decode('interim')
    interim = decoding
    decoding.text
      .then((text) => {
        if (text && interim === decoding && !signal.aborted) onInterim(text)
      })
      // Interim text is a courtesy; if the transcriber has a fault, the final text will tell.
      .catch(() => {})
      .finally(() => {
        if (interim !== decoding) return
        interim = undefined
        // Where transcribing takes long it is done less often: at most half of the time goes into it.
        interimFrom = lengthOf(windows) + Math.max(0, clock() - began - INTERIM_EVERY_MS)
      })
  }
  return {
    push(more, silence_ms) {
      windows.push(...more)
      if (interimFrom === undefined) return void (interimFrom = lengthOf(windows))
      if (silence_ms === 0) dropEarly()
      if (lengthOf(windows) > PIECE_MS) endPiece()
      if (!transcriber.eager) return
      if (silence_ms >= EARLY_SILENCE_MS) guessEnd()
      else if (silence_ms === 0 && lengthOf(windows) >= interimFrom + INTERIM_EVERY_MS) tellInterim()
    },
    async end() {
      dropInterim()
      const last = early ?? decode('final')
      return joinedPieces(await Promise.all([...earlier, last.text]))
    },
    drop() {
      dropInterim()
      dropEarly()
    },
  }
}
