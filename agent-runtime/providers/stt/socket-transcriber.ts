import { toError } from '../../../core/to-error.ts'
import type { ProviderFailureContext } from '../provider-failure.ts'
import { SilentProvider } from '../provider-failure.ts'
import { createRecording, type Recording } from '../../engines/recording.ts'
import { LineLost, openLine, type SocketLine } from '../socket-line.ts'
import type { SttProtocol, SttTalk } from './stt-protocol.ts'
import type { StreamingTranscriber } from './transcriber.ts'
import { wantedWithin } from './wanted-within.ts'

/** What is sent at once: some providers take no less. */
const PIECE_SAMPLES = 800
const SAMPLES_PER_MS = 16
const PATIENCE_MS = 5000
/** How long more words are waited for when everything heard so far is final, or so little was said that it may have been a cough. */
const SETTLE_MS = 1000
const COUGH_MS = 1500

type Options = Readonly<{ context: ProviderFailureContext; patience_ms?: number | undefined }>
type Heard = Readonly<{ onInterim: (text: string) => void; signal: AbortSignal; patience_ms: number }>

/**
 * An STT behind a WebSocket. One connection serves the call, one utterance at a time; when it is lost, it is opened again and the
 * utterance that was under way is sent once more from its beginning.
 */
export function createSocketTranscriber(
  protocol: SttProtocol,
  { context, patience_ms = PATIENCE_MS }: Options,
): StreamingTranscriber {
  let line: Promise<SocketLine<SttTalk>> | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function connected(): Promise<SocketLine<SttTalk>> {
    const present = await line?.catch(() => undefined)
    if (present?.isOpen()) return present
    line = openLine(protocol, patience_ms)
    return line
  }

  async function hear(recording: Recording, heard: Heard): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      heard.signal.throwIfAborted()
      const open = await connected()
      try {
        const text = await hearOn(open, recording, heard)
        return text.trim()
      } catch (cause) {
        // What it still has to say about this utterance must not be taken for the next one.
        open.close()
        if (!(cause instanceof LineLost) || attempt > 1) throw cause
      }
    }
  }

  return {
    mode: 'streaming',
    listen({ signal, onInterim }) {
      const recording = createRecording()
      const stop = new AbortController()
      const heard = { onInterim, signal: AbortSignal.any([signal, stop.signal]), patience_ms }
      const text = last.then(() => hear(recording, heard))
      last = text.catch(() => {})
      return {
        push: recording.push,
        finish(within) {
          recording.end()
          return wantedWithin(text, within, stop)
        },
        close: () => stop.abort(),
      }
    },
    close: () =>
      void last
        .then(() => line)
        .then(
          (open) => open?.close(),
          () => {},
        ),
    context,
  }
}

/** Sends what is heard as it is heard, and reads until the last words of it are known. */
function hearOn(line: SocketLine<SttTalk>, recording: Recording, { onInterim, signal, patience_ms }: Heard): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = line.talk.utterance()
    let sent = 0
    let finishing = false
    let text = ''
    let settled = true
    let over = false
    let patience: NodeJS.Timeout | undefined

    const settle = (outcome: () => void) => {
      over = true
      clearTimeout(patience)
      recording.follow(undefined)
      line.read(undefined)
      signal.removeEventListener('abort', onAbort)
      outcome()
    }
    const onAbort = () => settle(() => reject(toError(signal.reason)))
    const wait = () => {
      const cough = recording.length() < COUGH_MS * SAMPLES_PER_MS
      const may_be_over = settled && (text !== '' || cough)
      clearTimeout(patience)
      patience = setTimeout(
        // Interim words are better than none.
        () => settle(() => (may_be_over || text !== '' ? resolve(text) : reject(new SilentProvider(patience_ms)))),
        may_be_over ? Math.min(SETTLE_MS, patience_ms) : patience_ms,
      )
    }
    const send = () => {
      const ended = recording.ended()
      // The last piece is kept until it is known to be the last.
      while (recording.length() - sent > PIECE_SAMPLES || (ended && sent < recording.length())) {
        const pcm = recording.slice(sent, sent + PIECE_SAMPLES)
        sent += pcm.length
        for (const data of line.talk.audio(filled(pcm), ended && sent >= recording.length())) line.send(data)
      }
      if (!ended || finishing) return
      finishing = true
      for (const data of line.talk.finalize()) line.send(data)
      wait()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    line.read({
      onLost: (cause) => settle(() => reject(cause)),
      onMessage(message) {
        const heard = read(message, finishing)
        if (!heard) return
        settled = heard.settled
        const fresh = heard.text !== text
        text = heard.text
        if (heard.done) return settle(() => resolve(text))
        if (fresh && text.trim() !== '') onInterim(text.trim())
        if (finishing) wait()
      },
    })
    if (over) return
    recording.follow(send)
    send()
  })
}

/** Silence fills up the last piece. */
function filled(pcm: Int16Array): Int16Array {
  if (pcm.length === PIECE_SAMPLES) return pcm
  const whole = new Int16Array(PIECE_SAMPLES)
  whole.set(pcm)
  return whole
}
