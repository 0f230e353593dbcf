import { join } from 'node:path'
import sherpa from 'sherpa-onnx-node'
import { inferenceThreads } from './threads.ts'
import { createTurnstile } from './turnstile.ts'
import { sentences } from './sentences.ts'
import { hasWords, latinOnly, speakableText } from './speakable-text.ts'
import { toPcm16 } from './pcm16.ts'
import type { SpeechChunk } from './engine-client.ts'

export type Speak = (text: string, speed: number, signal: AbortSignal) => AsyncGenerator<SpeechChunk>

/** Loads a Piper voice from `folder`. Callers take turns sentence by sentence, so that a long answer does not hold up a short one. */
export async function loadPiper(folder: string): Promise<Speak> {
  const tts = await sherpa.OfflineTts.createAsync({
    model: {
      vits: {
        model: join(folder, 'model.onnx'),
        tokens: join(folder, 'tokens.txt'),
        dataDir: join(folder, 'espeak-ng-data'),
        noiseScale: 0.667,
        noiseScaleW: 0.8,
        lengthScale: 1,
      },
      numThreads: inferenceThreads(),
    },
    maxNumSentences: 1,
  })
  const turnstile = createTurnstile()
  return async function* (text, speed, signal) {
    for (const sentence of sentences(latinOnly(speakableText(text)))) {
      if (!hasWords(sentence)) continue
      const request = { text: sentence, sid: 0, speed, enableExternalBuffer: false }
      const { samples, sampleRate } = await turnstile(() => tts.generateAsync(request), signal)
      if (samples.length > 0) yield { sample_rate: sampleRate, pcm: toPcm16(samples) }
    }
  }
}
