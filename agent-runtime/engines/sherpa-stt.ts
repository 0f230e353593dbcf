import { join } from 'node:path'
import sherpa from 'sherpa-onnx-node'
import type { OfflineRecognizer } from 'sherpa-onnx-node'
import { inferenceThreads } from './threads.ts'
import { createTurnstile } from './turnstile.ts'
import { transcriptText } from './transcript-text.ts'
import { STT_RATE, padded, pieces } from './utterance.ts'

export type Transcribe = (pcm: Int16Array, signal: AbortSignal, interim?: boolean) => Promise<string>

/** Loads Whisper from `folder`; `language` is a code, or '' for a model that knows one language only. */
export async function loadWhisper(folder: string, language: string): Promise<Transcribe> {
  const recognizer = await sherpa.OfflineRecognizer.createAsync({
    featConfig: { sampleRate: STT_RATE, featureDim: 80 },
    modelConfig: {
      whisper: {
        encoder: join(folder, 'encoder.int8.onnx'),
        decoder: join(folder, 'decoder.int8.onnx'),
        language,
        task: 'transcribe',
        tailPaddings: 50,
      },
      tokens: join(folder, 'tokens.txt'),
      numThreads: inferenceThreads(),
    },
  })
  // Text that is only for show has a queue of its own: nobody's last words wait for it.
  const [finals, interims] = [createTurnstile(), createTurnstile()]
  return async (pcm, signal, interim = false) => {
    const turnstile = interim ? interims : finals
    const texts: string[] = []
    for (const piece of pieces(pcm)) texts.push(await turnstile(() => decode(recognizer, piece), signal))
    return transcriptText(texts.join(' '))
  }
}

async function decode(recognizer: OfflineRecognizer, piece: Int16Array): Promise<string> {
  const stream = recognizer.createStream()
  stream.acceptWaveform({ samples: padded(piece), sampleRate: STT_RATE })
  const { text } = await recognizer.decodeAsync(stream)
  return text
}
