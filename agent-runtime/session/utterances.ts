import { VADEventType, type VADEvent } from '@livekit/agents'
import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'
import type { Transcriber } from '../providers/stt/transcriber.ts'
import { silenceBefore } from './caller-ear.ts'

/** Kept from before the caller was noticed: the detection needs some of the first word to be sure. */
const LEAD_MS = 500
/** Silence after which an eager transcriber is asked, in the hope that the caller is done. */
const EARLY_SILENCE_MS = 128
const INTERIM_EVERY_MS = 700
/** A piece of a long speech; transcribers take less than half a minute. */
const PIECE_MS = 24_000

/** Words of the caller; both moments on the session's clock. */
export type Heard = Readonly<{
  text: string
  /** The caller fell silent. */
  ended: number
  /** The words were known. */
  known: number
}>

export type UtterancesOptions = Readonly<{
  clock: () => number
  /** The one of the present configuration; asked when the caller begins to speak. */
  transcriber: () => Transcriber | undefined
  onInterim: (text: string) => void
  /** Of each utterance that was not empty and that nobody has taken. */
  onHeard: (heard: Heard) => void
  onFailure: (transcriber: Transcriber, cause: unknown) => void
  onAudio: (audio_ms: number) => void
}>

type Decoding = Readonly<{ text: Promise<string>; stop: AbortController }>
type Ended = { taken: boolean; heard: Promise<Heard> }

/** What the caller says, utterance by utterance: voice detection says where each begins and ends, a transcriber what was said. */
export class Utterances {
  readonly #options: UtterancesOptions
  readonly #closed = new AbortController()
  readonly #untold = new Set<Ended>()
  #transcriber: Transcriber | undefined
  #windows: Int16Array[] = []
  #speaking = false
  #disregarded = false
  #fellSilent: (() => void)[] = []
  #earlier: Promise<string>[] = []
  #early: Decoding | undefined
  #interim: Decoding | undefined
  #interimFrom = 0

  constructor(options: UtterancesOptions) {
    this.#options = options
  }

  get speaking(): boolean {
    return this.#speaking
  }

  /** The caller is speaking, or what was said is not known yet. */
  get pending(): boolean {
    return this.#speaking || this.#untold.size > 0
  }

  hear(event: VADEvent): void {
    if (this.#closed.signal.aborted) return
    switch (event.type) {
      case VADEventType.INFERENCE_DONE:
        return this.#listen(event)
      case VADEventType.START_OF_SPEECH:
        return this.#begin()
      case VADEventType.END_OF_SPEECH:
        this.#speaking = false
        this.#end(this.#options.clock() - silenceBefore(event))
        this.#fellSilent.splice(0).forEach((tell) => tell())
        return
      case VADEventType.METRICS_COLLECTED:
    }
  }

  /** Resolves when the caller does not speak. */
  silence(): Promise<void> {
    return this.#speaking ? new Promise((resolve) => this.#fellSilent.push(resolve)) : Promise.resolve()
  }

  /** Resolves when the caller does not speak and everything said is known. */
  async known(): Promise<void> {
    await this.silence()
    await Promise.allSettled([...this.#untold].map(({ heard }) => heard))
  }

  /** The words of the utterance that is being spoken are known from elsewhere: it is not transcribed. */
  disregard(): void {
    this.#disregarded = this.#speaking
  }

  /** What has been said and not told yet; it will not be told. An utterance in progress is cut here, and its rest is the next one. */
  async take(): Promise<Heard[]> {
    if (this.#speaking) this.#end(this.#options.clock())
    const taken = [...this.#untold]
    for (const ended of taken) ended.taken = true
    const heard = await Promise.all(taken.map((ended) => ended.heard.catch(() => undefined)))
    return heard.filter((one) => one !== undefined).filter(({ text }) => text !== '')
  }

  close(): void {
    this.#closed.abort()
    this.#fellSilent.splice(0).forEach((tell) => tell())
  }

  #begin(): void {
    this.#transcriber = this.#options.transcriber()
    this.#interimFrom = this.#length()
    this.#speaking = true
    this.#disregarded = false
  }

  #listen({ frames, rawAccumulatedSilence }: VADEvent): void {
    for (const { data } of frames) this.#windows.push(data.slice())
    if (!this.#speaking) return this.#forget()
    if (rawAccumulatedSilence === 0) this.#drop('early')
    if (this.#disregarded) return
    if (this.#length() > PIECE_MS) this.#endPiece()
    if (!this.#transcriber?.eager) return
    if (rawAccumulatedSilence >= EARLY_SILENCE_MS) this.#guessEnd(this.#transcriber)
    else if (rawAccumulatedSilence === 0 && this.#length() >= this.#interimFrom + INTERIM_EVERY_MS)
      this.#tellInterim(this.#transcriber)
  }

  /** The caller may be done: nothing that is only for show may stand in the way of these words. */
  #guessEnd(transcriber: Transcriber): void {
    if (this.#early) return
    this.#drop('interim')
    this.#early = this.#decode(transcriber, 'final')
  }

  #tellInterim(transcriber: Transcriber): void {
    if (this.#interim) return
    const began = this.#options.clock()
    const decoding = this.#decode(transcriber, 'interim')
    this.#interim = decoding
    decoding.text
      .then((text) => {
        if (text && this.#interim === decoding && !this.#closed.signal.aborted) this.#options.onInterim(text)
      })
      // Interim text is a courtesy; if the transcriber has a fault, the final text will tell.
      .catch(() => {})
      .finally(() => {
        if (this.#interim !== decoding) return
        this.#interim = undefined
        // Where transcribing takes long it is done less often: at most half of the time goes into it.
        this.#interimFrom = this.#length() + Math.max(0, this.#options.clock() - began - INTERIM_EVERY_MS)
      })
  }

  #end(ended: number): void {
    const transcriber = this.#transcriber
    this.#drop('interim')
    const last = this.#disregarded ? undefined : (this.#early ?? (transcriber && this.#decode(transcriber, 'final')))
    if (this.#disregarded) this.#drop('early')
    this.#early = undefined
    this.#disregarded = false
    const pieces = [...this.#earlier, ...(last ? [last.text] : [])]
    this.#earlier = []
    this.#interimFrom = 0
    this.#options.onAudio(this.#length())
    // Not even the lead is kept: it would bring the last word into the next utterance.
    this.#windows = []
    this.#tell(
      Promise.all(pieces).then((texts) => ({ text: texts.filter(Boolean).join(' '), ended, known: this.#options.clock() })),
      transcriber,
    )
  }

  #tell(heard: Promise<Heard>, transcriber: Transcriber | undefined): void {
    const ended: Ended = { taken: false, heard }
    this.#untold.add(ended)
    heard.then(
      (words) => {
        this.#untold.delete(ended)
        if (words.text && !ended.taken && !this.#closed.signal.aborted) this.#options.onHeard(words)
      },
      (cause: unknown) => {
        this.#untold.delete(ended)
        if (transcriber && !this.#closed.signal.aborted) this.#options.onFailure(transcriber, cause)
      },
    )
  }

  #endPiece(): void {
    if (this.#transcriber) this.#earlier.push(this.#decode(this.#transcriber, 'final').text)
    this.#drop('interim')
    this.#windows = []
    this.#interimFrom = 0
  }

  #decode(transcriber: Transcriber, purpose: 'interim' | 'final'): Decoding {
    const stop = new AbortController()
    const text = transcriber.transcribe(joined(this.#windows), AbortSignal.any([stop.signal, this.#closed.signal]), purpose)
    // Whoever wants the text handles its failure; a decoding that was dropped has nobody.
    text.catch(() => {})
    return { text, stop }
  }

  #drop(which: 'early' | 'interim'): void {
    const decoding = which === 'early' ? this.#early : this.#interim
    decoding?.stop.abort()
    if (which === 'early') this.#early = undefined
    else this.#interim = undefined
  }

  #forget(): void {
    while (this.#windows.length > 1 && this.#length() > LEAD_MS) this.#windows.shift()
  }

  #length(): number {
    return (this.#windows.reduce((sum, { length }) => sum + length, 0) * 1000) / UP_SAMPLE_RATE
  }
}

function joined(windows: readonly Int16Array[]): Int16Array {
  const pcm = new Int16Array(windows.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const window of windows) {
    pcm.set(window, at)
    at += window.length
  }
  return pcm
}
