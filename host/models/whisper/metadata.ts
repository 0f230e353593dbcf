import * as z from 'zod'
import type { Vocabulary } from './vocabulary.ts'
import type { WhisperShape } from './whisper-shape.ts'

/** The part of CTranslate2's config.json that is used. */
export const Ct2Config = z.object({ lang_ids: z.array(z.int()).default([]), suppress_ids: z.array(z.int()).default([]) })
export type Ct2Config = z.infer<typeof Ct2Config>

/** From this size on, a vocabulary holds the tokens of all languages. */
const MULTILINGUAL_VOCABULARY = 51_865

/** What sherpa-onnx reads from the encoder to drive both models. */
export function whisperMetadata(
  name: string,
  shape: WhisperShape,
  words: Vocabulary,
  config: Ct2Config,
): Record<string, string | number> {
  const multilingual = shape.vocabulary >= MULTILINGUAL_VOCABULARY
  const start = words.idOf('<|startoftranscript|>')
  const transcribe = words.idOf('<|transcribe|>')
  return {
    model_type: `whisper-${name}`,
    version: 1,
    maintainer: 'greenroom',
    n_mels: shape.mels,
    n_audio_ctx: shape.audioContext,
    n_audio_state: shape.width,
    n_audio_head: shape.heads,
    n_audio_layer: shape.encoderLayers,
    n_vocab: shape.vocabulary,
    n_text_ctx: shape.textContext,
    n_text_state: shape.width,
    n_text_head: shape.heads,
    n_text_layer: shape.decoderLayers,
    sot_sequence: (multilingual ? [start, words.idOf('<|en|>'), transcribe] : [start]).join(),
    all_language_tokens: config.lang_ids.join(),
    all_language_codes: config.lang_ids.map((id) => words.tokens[id]?.slice(2, -2)).join(),
    sot: start,
    sot_index: 0,
    eot: words.idOf('<|endoftext|>'),
    blank_id: words.idOf('Ġ'),
    is_multilingual: multilingual ? 1 : 0,
    no_speech: words.find('<|nospeech|>') ?? words.idOf('<|nocaptions|>'),
    non_speech_tokens: config.suppress_ids.join(),
    transcribe,
    translate: words.idOf('<|translate|>'),
    sot_prev: words.idOf('<|startofprev|>'),
    sot_lm: words.idOf('<|startoflm|>'),
    no_timestamps: words.idOf('<|notimestamps|>'),
  }
}
