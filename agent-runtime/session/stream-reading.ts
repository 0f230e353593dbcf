import type { Listening, StreamingTranscriber } from '../providers/stt/transcriber.ts'
import { joinedPieces, lengthOf, type Reading, type ReadingOptions } from './reading.ts'

/** What is said without a pause is cut here: it is kept whole until it is known, in case a connection is lost. */
const PIECE_MS = 120_000

/** The transcriber hears with the caller's voice detection, and is asked for the last words when that hears the end. */
export function readStream(transcriber: StreamingTranscriber, { signal, onInterim }: ReadingOptions): Reading {
  const pieces: Promise<string>[] = []
  let listening: Listening | undefined
  let length_ms = 0
  let dropped = false

  const finish = () => {
    const text = listening?.finish(signal)
    // Whoever wants the text handles its failure; what was dropped has nobody.
    text?.catch(() => {})
    if (text) pieces.push(text)
    listening = undefined
  }
  return {
    push(windows) {
      if (dropped) return
      listening ??= transcriber.listen({ signal, onInterim: (text) => !dropped && onInterim(text) })
      for (const pcm of windows) listening.push(pcm)
      length_ms += lengthOf(windows)
      if (length_ms < PIECE_MS) return
      length_ms = 0
      finish()
    },
    async end() {
      finish()
      return joinedPieces(await Promise.all(pieces))
    },
    drop() {
      dropped = true
      listening?.close()
    },
  }
}
