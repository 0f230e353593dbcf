import { normalizeLanguage, stt, VADEventType, type APIConnectOptions, type VADEvent } from '@livekit/agents'
import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'
import type { Transcriber } from '../providers/transcriber.ts'

/** Kept from before the caller was noticed: the detection needs some of the first word to be sure. */
const LEAD_MS = 500
/** Silence after which an eager transcriber is asked, in the hope that the caller is done. */
const EARLY_SILENCE_MS = 128
const INTERIM_EVERY_MS = 700
/** A piece of a long speech; transcribers take less than half a minute. */
const PIECE_MS = 24_000

export type UtteranceSttOptions = Readonly<{
  /** The one of the present configuration; asked when the caller begins to speak. */
  transcriber: () => Transcriber | undefined
  onFailure: (transcriber: Transcriber, cause: unknown) => void
  /** Of each utterance that was not empty. */
  onTranscript: () => void
  onHeard: (audio_ms: number) => void
}>

/** Makes a streaming STT of a transcriber that reads whole utterances; voice detection says where they begin and end. */
export class UtteranceStt extends stt.STT {
  override label = 'greenroom.UtteranceStt'
  readonly #options: UtteranceSttOptions
  #stream: UtteranceStream | undefined

  constructor(options: UtteranceSttOptions) {
    super({ streaming: true, interimResults: true })
    this.#options = options
  }

  hear(event: VADEvent): void {
    this.#stream?.hear(event)
  }

  override stream({ connOptions }: { connOptions?: APIConnectOptions } = {}): stt.SpeechStream {
    this.#stream = new UtteranceStream(this, this.#options, connOptions)
    return this.#stream
  }

  protected override _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('utterances come by stream')
  }
}

type Decoding = Readonly<{ text: Promise<string>; stop: AbortController }>

class UtteranceStream extends stt.SpeechStream {
  override label = 'greenroom.UtteranceStream'
  readonly #options: UtteranceSttOptions
  #transcriber: Transcriber | undefined
  #windows: Int16Array[] = []
  #speaking = false
  #earlier: Promise<string>[] = []
  #early: Decoding | undefined
  #interim: Decoding | undefined
  #interimAt = 0

  constructor(owner: UtteranceStt, options: UtteranceSttOptions, connOptions: APIConnectOptions | undefined) {
    super(owner, UP_SAMPLE_RATE, connOptions)
    this.#options = options
  }

  /** Audio comes with the detection's events. */
  override pushFrame(): void {}

  protected override async run(): Promise<void> {
    if (this.abortSignal.aborted) return
    await new Promise((resolve) => this.abortSignal.addEventListener('abort', resolve, { once: true }))
  }

  hear(event: VADEvent): void {
    if (this.closed) return
    switch (event.type) {
      case VADEventType.INFERENCE_DONE:
        return this.#listen(event)
      case VADEventType.START_OF_SPEECH:
        this.#transcriber = this.#options.transcriber()
        this.#interimAt = this.#length()
        this.#speaking = true
        return
      case VADEventType.END_OF_SPEECH:
        return this.#end(Date.now() - event.silenceDuration - event.inferenceDuration)
      case VADEventType.METRICS_COLLECTED:
    }
  }

  #listen({ frames, rawAccumulatedSilence }: VADEvent): void {
    for (const { data } of frames) this.#windows.push(data.slice())
    if (!this.#speaking) return this.#forget()
    if (rawAccumulatedSilence === 0) this.#drop('early')
    if (this.#length() > PIECE_MS) this.#endPiece()
    if (!this.#transcriber?.eager) return
    if (rawAccumulatedSilence >= EARLY_SILENCE_MS) this.#early ??= this.#decode(this.#transcriber)
    else if (!this.#interim && this.#length() - this.#interimAt >= INTERIM_EVERY_MS) this.#tellInterim(this.#transcriber)
  }

  #tellInterim(transcriber: Transcriber): void {
    const decoding = this.#decode(transcriber)
    this.#interim = decoding
    this.#interimAt = this.#length()
    decoding.text
      .then((text) => {
        if (text && this.#interim === decoding && !this.closed)
          this.queue.put(transcript(stt.SpeechEventType.INTERIM_TRANSCRIPT, text))
      })
      // Interim text is a courtesy; if the transcriber has a fault, the final text will tell.
      .catch(() => {})
      .finally(() => (this.#interim = this.#interim === decoding ? undefined : this.#interim))
  }

  #end(speechEndTime: number): void {
    const transcriber = this.#transcriber
    this.#speaking = false
    this.#drop('interim')
    const last = this.#early ?? (transcriber && this.#decode(transcriber))
    this.#early = undefined
    const pieces = [...this.#earlier, ...(last ? [last.text] : [])]
    this.#earlier = []
    this.#options.onHeard(this.#length())
    // Not even the lead is kept: it would bring the last word into the next utterance.
    this.#windows = []
    Promise.all(pieces).then(
      (texts) => this.#tellFinal(texts.filter(Boolean).join(' '), speechEndTime),
      (cause: unknown) => (transcriber && !this.closed ? this.#options.onFailure(transcriber, cause) : undefined),
    )
  }

  #tellFinal(text: string, speechEndTime: number): void {
    if (!text || this.closed) return
    this.#options.onTranscript()
    this.queue.put({ ...transcript(stt.SpeechEventType.FINAL_TRANSCRIPT, text), speechEndTime })
  }

  #endPiece(): void {
    if (this.#transcriber) this.#earlier.push(this.#decode(this.#transcriber).text)
    this.#drop('interim')
    this.#windows = []
    this.#interimAt = 0
  }

  #decode(transcriber: Transcriber): Decoding {
    const stop = new AbortController()
    const text = transcriber.transcribe(joined(this.#windows), AbortSignal.any([stop.signal, this.abortSignal]))
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

const transcript = (type: stt.SpeechEventType, text: string): stt.SpeechEvent => ({
  type,
  alternatives: [{ text, language: normalizeLanguage('en'), startTime: 0, endTime: 0, confidence: 1 }],
})

function joined(windows: readonly Int16Array[]): Int16Array {
  const pcm = new Int16Array(windows.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const window of windows) {
    pcm.set(window, at)
    at += window.length
  }
  return pcm
}
