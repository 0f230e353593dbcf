import type { ModelFamily, ModelPart, ModelParts, SttFamily, TtsFamily } from './speech-family.ts'

/** What the files in a folder are for sherpa-onnx. */
export type SpeechFolder = Readonly<
  { kind: 'stt'; family: SttFamily; parts: ModelParts } | { kind: 'tts'; family: TtsFamily; parts: ModelParts }
>

/** `metadata_props` of an ONNX file, by the file's name. */
export type OnnxMetadata = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Recognises a sherpa-onnx model by the names of its files (relative, with forward slashes), and where names alone do not tell by what
 * its ONNX files say of themselves. Undefined: it is none that is known. Of a file in several precisions, int8 is taken.
 */
export function recogniseSpeech(files: readonly string[], metadata: OnnxMetadata = {}): SpeechFolder | undefined {
  const top = files.filter((file) => !file.includes('/') && !file.startsWith('.'))
  const models = top.filter((file) => /\.(onnx|ort)$/.test(file))
  const tokens = top.find((file) => /(^|-)tokens\.txt$/.test(file))
  if (models.length === 0 || tokens === undefined) return undefined
  const find = (pattern: RegExp) => smallest(models.filter((file) => pattern.test(file)))
  const says = (file: string | undefined): string =>
    (file === undefined ? '' : (metadata[file]?.['model_type'] ?? '')).toLowerCase()
  return (
    moonshine(find, tokens) ??
    encoderDecoder(find, tokens, metadata, says) ??
    voice(files, top, models, tokens, says) ??
    singleStt(models, tokens, metadata, says)
  )
}

type Find = (pattern: RegExp) => string | undefined
type Says = (file: string | undefined) => string

function moonshine(find: Find, tokens: string): SpeechFolder | undefined {
  const [preprocessor, encoder] = [find(/^preprocess/), find(/^encode(\.|$)/)]
  const [uncached_decoder, cached_decoder] = [find(/^uncached_decode/), find(/^cached_decode/)]
  if (!preprocessor || !encoder || !uncached_decoder || !cached_decoder) return undefined
  return { kind: 'stt', family: 'moonshine', parts: { preprocessor, encoder, uncached_decoder, cached_decoder, tokens } }
}

/** Whisper, paraformer and transducers all come as an encoder and a decoder; a transducer has a joiner too. */
function encoderDecoder(find: Find, tokens: string, metadata: OnnxMetadata, says: Says): SpeechFolder | undefined {
  const [encoder, decoder, joiner] = [find(/(^|[-_.])encoder/), find(/(^|[-_.])decoder/), find(/(^|[-_.])joiner/)]
  if (!encoder || !decoder) return undefined
  if (joiner)
    return { kind: 'stt', family: transducerFamily(encoder, metadata, says), parts: { encoder, decoder, joiner, tokens } }
  const family = says(encoder).includes('paraformer') ? 'streaming-paraformer' : 'whisper'
  return { kind: 'stt', family, parts: { encoder, decoder, tokens } }
}

function transducerFamily(encoder: string, metadata: OnnxMetadata, says: Says): SttFamily {
  const facts = metadata[encoder] ?? {}
  const streams = facts['decode_chunk_len'] !== undefined || (facts['comment'] ?? '').startsWith('streaming')
  if (/encdec|nemo/.test(says(encoder)) || facts['vocab_size'] !== undefined)
    return streams ? 'streaming-transducer' : 'nemo-transducer'
  if (streams || /chunk-\d+-left|streaming/.test(encoder)) return 'streaming-transducer'
  return 'transducer'
}

/** A voice needs to know how words sound: from espeak-ng's data, or from a list of words. */
function voice(
  files: readonly string[],
  top: readonly string[],
  models: readonly string[],
  tokens: string,
  says: Says,
): SpeechFolder | undefined {
  const data_dir = files.some((file) => file.startsWith('espeak-ng-data/')) ? 'espeak-ng-data' : undefined
  const words = top.filter((file) => /^lexicon.*\.txt$/.test(file))
  const lexicon = words.length > 0 ? words.join() : undefined
  if (data_dir === undefined && lexicon === undefined) return undefined
  const sounds: ModelParts = { tokens, ...(data_dir !== undefined && { data_dir }), ...(lexicon !== undefined && { lexicon }) }
  const vocoder = models.find((file) => /vocos|hifigan|vocoder/i.test(file))
  const model = smallest(models.filter((file) => file !== vocoder))
  if (model === undefined) return undefined
  if (vocoder !== undefined) return { kind: 'tts', family: 'matcha', parts: { ...sounds, model, vocoder } }
  const voices = top.find((file) => file === 'voices.bin')
  if (voices === undefined) return { kind: 'tts', family: 'vits', parts: { ...sounds, model } }
  const family = says(model).includes('kitten') || /kitten/.test(model) ? 'kitten' : 'kokoro'
  return { kind: 'tts', family, parts: { ...sounds, model, voices } }
}

function singleStt(models: readonly string[], tokens: string, metadata: OnnxMetadata, says: Says): SpeechFolder | undefined {
  const model = smallest(models)
  if (model === undefined) return undefined
  const type = says(model)
  const facts = metadata[model] ?? {}
  const parts = { model, tokens }
  if (type.includes('sense_voice') || facts['lang_auto'] !== undefined) return { kind: 'stt', family: 'sense-voice', parts }
  if (type.includes('paraformer') || facts['lfr_window_size'] !== undefined) return { kind: 'stt', family: 'paraformer', parts }
  if (/encdecctc|nemo/.test(type)) return { kind: 'stt', family: 'nemo-ctc', parts }
  return undefined
}

/** int8 before half before full precision: the same model, smaller and faster on a processor. */
function smallest(files: readonly string[]): string | undefined {
  return (
    files.find((file) => /[.-_]int8\.(onnx|ort)$/.test(file)) ?? files.find((file) => /fp16/.test(file)) ?? files.find(() => true)
  )
}

/** Parts without which a model of the family cannot be loaded. */
export const REQUIRED_PARTS: Readonly<Record<ModelFamily, readonly ModelPart[]>> = {
  whisper: ['encoder', 'decoder', 'tokens'],
  moonshine: ['preprocessor', 'encoder', 'uncached_decoder', 'cached_decoder', 'tokens'],
  'sense-voice': ['model', 'tokens'],
  paraformer: ['model', 'tokens'],
  'streaming-paraformer': ['encoder', 'decoder', 'tokens'],
  transducer: ['encoder', 'decoder', 'joiner', 'tokens'],
  'streaming-transducer': ['encoder', 'decoder', 'joiner', 'tokens'],
  'nemo-transducer': ['encoder', 'decoder', 'joiner', 'tokens'],
  'nemo-ctc': ['model', 'tokens'],
  vits: ['model', 'tokens'],
  kokoro: ['model', 'voices', 'tokens'],
  kitten: ['model', 'voices', 'tokens'],
  matcha: ['model', 'vocoder', 'tokens'],
  gguf: ['model'],
}

export const isStreaming = (family: ModelFamily): boolean => family.startsWith('streaming-')
