import { EmptyAnswer } from '../../providers/provider-failure.ts'
import { toWav } from '../../providers/stt/wav.ts'
import { createVoice } from '../../providers/tts/create-voice.ts'
import type { SpokenChunk } from '../../providers/tts/voice.ts'
import type { KindCheck } from './check-provider.ts'
import { concatenated, peakOf } from './pcm.ts'
import { sampleFor } from './sample-speech.ts'

/** Below it nobody hears anything. */
const AUDIBLE = 200
/** No voice takes so long for the sentence; what goes on and on is cut. */
const LONGEST_S = 30

/** One sentence is spoken, to be heard. */
export const checkTts: KindCheck = async (scope, steps, signal) => {
  const { tts_config } = scope.document
  const voice = createVoice(scope)
  const { text } = sampleFor(languageOf(tts_config))
  const began = performance.now()
  let first_audio_ms: number | undefined
  let seconds = 0
  const chunks: SpokenChunk[] = []
  for await (const chunk of voice.speak(text, { signal })) {
    if (chunk.pcm.length === 0) continue
    if (first_audio_ms === undefined) {
      first_audio_ms = Math.round(performance.now() - began)
      steps.reached()
      steps.passed('answer', 'first audio', first_audio_ms)
    }
    chunks.push(chunk)
    seconds += chunk.pcm.length / chunk.sample_rate
    if (seconds > LONGEST_S) break
  }
  signal.throwIfAborted()
  if (first_audio_ms === undefined) throw new EmptyAnswer()
  const { pcm, sample_rate } = concatenated(chunks)
  if (peakOf(pcm) < AUDIBLE) steps.failedBy(new EmptyAnswer('all of it was silence'), 'voice')
  else steps.passed('voice', `${seconds.toFixed(1)} s of speech at ${sample_rate / 1000} kHz`, performance.now() - began)
  return { first_audio_ms, sample_wav: toWav(pcm, sample_rate) }
}

/** Some providers are told the language, and voices of espeak-ng are languages. */
function languageOf(
  config: Readonly<{ provider: string; voice_id?: string | undefined; [key: string]: unknown }>,
): string | undefined {
  const named = config['language']
  if (typeof named === 'string') return named
  return /^[a-z]{2}(-|$)/.test(config.voice_id ?? '') ? config.voice_id : undefined
}
