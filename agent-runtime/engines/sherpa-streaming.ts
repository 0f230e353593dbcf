import sherpa from 'sherpa-onnx-node'
import { onlineConfig } from './sherpa-config.ts'
import type { SpeechModel } from './speech-models.ts'
import { transcriptText } from './transcript-text.ts'
import { STT_RATE } from './utterance.ts'

/** One utterance that is heard while it is spoken; PCM16 mono, 16 kHz. */
export type Hearing = Readonly<{
  push: (pcm: Int16Array) => void
  /** No more comes: what was said in all. */
  finish: () => string
}>
export type Listen = (onInterim: (text: string) => void) => Hearing

/** What the model still has to look ahead over when the caller has ended. */
const TAIL = new Float32Array(0.6 * STT_RATE)

/** Loads a model that hears while somebody speaks; a chunk of a third of a second takes some ten milliseconds. */
export function loadStreamingRecognizer(model: SpeechModel & { kind: 'stt' }): Listen {
  const recognizer = new sherpa.OnlineRecognizer({
    featConfig: { sampleRate: STT_RATE, featureDim: 80 },
    modelConfig: onlineConfig(model),
    decodingMethod: 'greedy_search',
    enableEndpoint: false, // our VAD knows when the caller has ended
  })
  return (onInterim) => {
    const stream = recognizer.createStream()
    let shown = ''
    const decode = (): string => {
      while (recognizer.isReady(stream)) recognizer.decode(stream)
      return transcriptText(recognizer.getResult(stream).text)
    }
    return {
      push(pcm) {
        if (pcm.length === 0) return
        stream.acceptWaveform({ samples: Float32Array.from(pcm, (sample) => sample / 32768), sampleRate: STT_RATE })
        const text = decode()
        if (text !== shown) onInterim((shown = text))
      },
      finish() {
        stream.acceptWaveform({ samples: TAIL, sampleRate: STT_RATE })
        stream.inputFinished()
        return decode()
      },
    }
  }
}
