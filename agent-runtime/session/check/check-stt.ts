import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { findProvider } from '../../../core/providers/index.ts'
import { EmptyAnswer } from '../../providers/provider-failure.ts'
import { createTranscriber } from '../../providers/stt/create-transcriber.ts'
import { transcribeAsSpoken } from '../../providers/stt/transcribe-as-spoken.ts'
import { toWav } from '../../providers/stt/wav.ts'
import type { KindCheck } from './check-provider.ts'
import { heardWords } from './heard-words.ts'
import { sampleFor, speakSample } from './sample-speech.ts'

/** The share of words below which it does not understand; machine voices are hard to hear, so it is low. */
const UNDERSTOOD = 0.5

/** A sentence of ours is heard once, and its words are compared. */
export const checkStt: KindCheck = async (scope, steps, signal) => {
  const { stt_config } = scope.document
  const sample = sampleFor(stt_config.language)
  const pcm = await speakSample(scope, sample, UP_SAMPLE_RATE, signal)
  const transcriber = createTranscriber(scope)
  try {
    const { text, delay_ms } = await transcribeAsSpoken(transcriber, pcm, signal)
    const transcription_delay_ms = Math.round(delay_ms)
    steps.reached()
    const measured = { transcription_delay_ms, sample_wav: toWav(pcm, UP_SAMPLE_RATE) }
    if (text.trim() === '') {
      steps.failedBy(new EmptyAnswer(), 'answer')
      return measured
    }
    steps.passed('answer', `“${text.trim()}”`, transcription_delay_ms)
    if (findProvider('stt', stt_config.provider)?.is_ai === false) return measured
    const { right, of } = heardWords(sample.text, text)
    const detail = `${right} of ${of} words right`
    if (right / of >= UNDERSTOOD) steps.passed('voice', detail)
    else
      steps.failed('voice', {
        code: 'provider_failed',
        message: `It understood only ${detail} of “${sample.text}”`,
        hint: 'Look at its language and model; the sample can be heard below.',
        problems: [],
      })
    return measured
  } finally {
    if (transcriber.mode === 'streaming') transcriber.close()
  }
}
