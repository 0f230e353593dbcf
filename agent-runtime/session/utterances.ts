import { VADEventType, type VADEvent } from '@livekit/agents'
import { KEPT_MS, type CallerAudio } from '../providers/caller-audio.ts'
import type { Transcriber } from '../providers/stt/transcriber.ts'
import { silenceBefore } from './caller-ear.ts'
import { beginReading } from './begin-reading.ts'
import { lengthOf, type Reading } from './reading.ts'

/** Kept from before the caller was noticed: the detection needs some of the first word to be sure. */
const LEAD_MS = 500

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
  /** Takes the sound of each utterance together with its words, where an LLM wants to hear it. */
  callerAudio: Pick<CallerAudio, 'wanted' | 'keep'>
}>

type Ended = { taken: boolean; heard: Promise<Heard> }

/** What the caller says, utterance by utterance: voice detection says where each begins and ends, a transcriber what was said. */
export class Utterances {
  readonly #options: UtterancesOptions
  readonly #closed = new AbortController()
  readonly #untold = new Set<Ended>()
  #transcriber: Transcriber | undefined
  /** What was heard before anybody spoke. */
  #lead: Int16Array[] = []
  #reading: Reading | undefined
  #length_ms = 0
  /** Of the utterance under way; absent when nobody wants it, or it has become too long. */
  #sound: Int16Array[] | undefined
  #speaking = false
  #disregarded = false
  #fellSilent: (() => void)[] = []

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
    if (!this.#disregarded) return
    this.#reading?.drop()
    this.#reading = undefined
    this.#sound = undefined
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
    this.#reading?.drop()
    this.#fellSilent.splice(0).forEach((tell) => tell())
  }

  #begin(): void {
    this.#transcriber = this.#options.transcriber()
    this.#speaking = true
    this.#disregarded = false
    this.#sound = this.#newSound()
    this.#read([], 0)
  }

  #listen({ frames, rawAccumulatedSilence }: VADEvent): void {
    const windows = frames.map(({ data }) => data.slice())
    if (this.#speaking) return this.#read(windows, rawAccumulatedSilence)
    this.#lead.push(...windows)
    while (this.#lead.length > 1 && lengthOf(this.#lead) > LEAD_MS) this.#lead.shift()
  }

  #read(windows: readonly Int16Array[], silence_ms: number): void {
    this.#length_ms += lengthOf(windows)
    if (this.#disregarded || !this.#transcriber) return
    if (!this.#reading) {
      const { clock, onInterim } = this.#options
      this.#length_ms += lengthOf(this.#lead)
      this.#reading = beginReading(this.#transcriber, this.#lead, { clock, onInterim, signal: this.#closed.signal })
      this.#sound?.push(...this.#lead)
      this.#lead = []
    }
    if (this.#length_ms > KEPT_MS) this.#sound = undefined
    this.#sound?.push(...windows)
    if (windows.length > 0) this.#reading.push(windows, silence_ms)
  }

  #end(ended: number): void {
    const reading = this.#reading
    this.#reading = undefined
    this.#disregarded = false
    this.#options.onAudio(this.#length_ms)
    this.#length_ms = 0
    // Not even the lead is kept: it would bring the last word into the next utterance.
    this.#lead = []
    const sound = this.#sound
    this.#sound = this.#newSound()
    const text = reading?.end() ?? Promise.resolve('')
    this.#tell(
      text.then((words) => {
        if (sound) this.#options.callerAudio.keep(words, sound)
        return { text: words, ended, known: this.#options.clock() }
      }),
      this.#transcriber,
    )
  }

  #newSound(): Int16Array[] | undefined {
    return this.#options.callerAudio.wanted() ? [] : undefined
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
}
