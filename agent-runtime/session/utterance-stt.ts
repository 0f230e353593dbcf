import { normalizeLanguage, stt, type APIConnectOptions } from '@livekit/agents'
import { UP_SAMPLE_RATE } from '../../core/contract/media.ts'

/** How the session's library gets to know what the caller said: what `Utterances` found, as a streaming STT tells it. */
export class UtteranceStt extends stt.STT {
  override label = 'greenroom.UtteranceStt'
  #stream: UtteranceStream | undefined

  constructor() {
    super({ streaming: true, interimResults: true })
  }

  interim(text: string): void {
    this.#stream?.tell(transcript(stt.SpeechEventType.INTERIM_TRANSCRIPT, text))
  }

  /** `silent_ms`: how long ago the caller fell silent. */
  final(text: string, silent_ms: number): void {
    const event = transcript(stt.SpeechEventType.FINAL_TRANSCRIPT, text)
    this.#stream?.tell({ ...event, speechEndTime: Date.now() - silent_ms })
  }

  override stream({ connOptions }: { connOptions?: APIConnectOptions } = {}): stt.SpeechStream {
    this.#stream = new UtteranceStream(this, connOptions)
    return this.#stream
  }

  protected override _recognize(): Promise<stt.SpeechEvent> {
    throw new Error('utterances come by stream')
  }
}

class UtteranceStream extends stt.SpeechStream {
  override label = 'greenroom.UtteranceStream'

  constructor(owner: UtteranceStt, connOptions: APIConnectOptions | undefined) {
    super(owner, UP_SAMPLE_RATE, connOptions)
  }

  tell(event: stt.SpeechEvent): void {
    if (!this.closed) this.queue.put(event)
  }

  /** Audio comes with the detection's events. */
  override pushFrame(): void {}

  protected override async run(): Promise<void> {
    if (this.abortSignal.aborted) return
    await new Promise((resolve) => this.abortSignal.addEventListener('abort', resolve, { once: true }))
  }
}

const transcript = (type: stt.SpeechEventType, text: string): stt.SpeechEvent => ({
  type,
  alternatives: [{ text, language: normalizeLanguage('en'), startTime: 0, endTime: 0, confidence: 1 }],
})
