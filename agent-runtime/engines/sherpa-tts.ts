import sherpa from 'sherpa-onnx-node'
import { ttsConfig } from './sherpa-config.ts'
import type { SpeechModel } from './speech-models.ts'
import { createTurnstile } from './turnstile.ts'
import { sentences } from './sentences.ts'
import { hasWords, latinOnly, speakableText } from './speakable-text.ts'
import { toPcm16 } from './pcm16.ts'
import type { SpeechChunk } from './engine-client.ts'

/** `voice`: one of the model's, by name or number; '' takes the first. */
export type Speak = (text: string, voice: string, speed: number, signal: AbortSignal) => AsyncGenerator<SpeechChunk>

/** Languages that are not written with Latin letters. */
const OTHER_SCRIPTS = new Set([
  'zh',
  'ja',
  'ko',
  'ru',
  'uk',
  'bg',
  'sr',
  'el',
  'ar',
  'fa',
  'ur',
  'he',
  'hi',
  'ne',
  'ta',
  'te',
  'ml',
  'th',
  'ka',
  'kk',
  'vi',
])

/** Loads a voice model. Callers take turns sentence by sentence, so that a long answer does not hold up a short one. */
export async function loadVoice(model: SpeechModel & { kind: 'tts' }): Promise<Speak> {
  const tts = await sherpa.OfflineTts.createAsync({ model: ttsConfig(model), maxNumSentences: 1 })
  const readable = model.languages.some((language) => OTHER_SCRIPTS.has(language)) ? (text: string) => text : latinOnly
  const turnstile = createTurnstile()
  return async function* (text, voice, speed, signal) {
    const sid = speakerOf(model, voice, tts.numSpeakers)
    for (const sentence of sentences(readable(speakableText(text)))) {
      if (!hasWords(sentence)) continue
      const request = { text: sentence, sid, speed, enableExternalBuffer: false }
      const { samples, sampleRate } = await turnstile(() => tts.generateAsync(request), signal)
      if (samples.length > 0) yield { sample_rate: sampleRate, pcm: toPcm16(samples) }
    }
  }
}

/** A voice that the model does not have (another provider's may still stand in the document) is its first. */
function speakerOf({ voices }: SpeechModel, voice: string, count: number): number {
  const named = voices.indexOf(voice)
  const sid = named >= 0 ? named : /^\d+$/.test(voice) ? Number(voice) : 0
  return sid < count ? sid : 0
}
