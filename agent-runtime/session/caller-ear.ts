import { inference, VADEventType, type VADEvent, type VADStream } from '@livekit/agents'

type VoiceDetection = Readonly<{ vad_activation_threshold: number; vad_min_silence_ms: number }>

/**
 * The bundled voice detection, with one more listener: transcription and the turn's times need the same events that the
 * session's turn taking sees, and a second detector for the same audio would cost as much again.
 */
export class CallerEar extends inference.VAD {
  readonly #listener: (event: VADEvent) => void

  constructor(settings: VoiceDetection, listener: (event: VADEvent) => void) {
    super(toOptions(settings))
    this.#listener = listener
  }

  change(settings: VoiceDetection): void {
    this.updateOptions(toOptions(settings))
  }

  override stream(): VADStream {
    const stream = super.stream()
    const next = stream.next.bind(stream)
    stream.next = async () => {
      const result = await next()
      if (!result.done) this.#listener(result.value)
      return result
    }
    return stream
  }
}

/** When the caller really fell silent, ms before the event. */
export const silenceBefore = (event: VADEvent): number =>
  event.type === VADEventType.END_OF_SPEECH ? event.silenceDuration + event.inferenceDuration : 0

const toOptions = ({ vad_activation_threshold, vad_min_silence_ms }: VoiceDetection) => ({
  activationThreshold: vad_activation_threshold,
  deactivationThreshold: Math.max(vad_activation_threshold - 0.15, 0.01),
  minSilenceDuration: vad_min_silence_ms,
})
