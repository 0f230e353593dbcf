import sherpa from 'sherpa-onnx-node'
import type { OfflineRecognizer } from 'sherpa-onnx-node'
import { offlineConfig } from './sherpa-config.ts'
import type { SpeechModel } from './speech-models.ts'
import { createTurnstile } from './turnstile.ts'
import { transcriptText } from './transcript-text.ts'
import { PADDING, STT_RATE, padded, pieces } from './utterance.ts'

export type Transcribe = (pcm: Int16Array, signal: AbortSignal, interim?: boolean) => Promise<string>

/** Loads a model that hears whole utterances; `language` is a code, or '' for a model that knows one language only. */
export async function loadRecognizer(model: SpeechModel & { kind: 'stt' }, language: string): Promise<Transcribe> {
  const recognizer = await sherpa.OfflineRecognizer.createAsync({
    featConfig: { sampleRate: STT_RATE, featureDim: 80 },
    modelConfig: offlineConfig(model, language),
  })
  const padding = model.family === 'whisper' ? PADDING.whisper : PADDING.others
  // Text that is only for show has a queue of its own: nobody's last words wait for it.
  const [finals, interims] = [createTurnstile(), createTurnstile()]
  return async (pcm, signal, interim = false) => {
    const turnstile = interim ? interims : finals
    const texts: string[] = []
    for (const piece of pieces(pcm)) texts.push(await turnstile(() => decode(recognizer, padded(piece, padding)), signal))
    return transcriptText(texts.join(' '))
  }
}

async function decode(recognizer: OfflineRecognizer, samples: Float32Array): Promise<string> {
  const stream = recognizer.createStream()
  stream.acceptWaveform({ samples, sampleRate: STT_RATE })
  const { text } = await recognizer.decodeAsync(stream)
  return text
}
