import * as z from 'zod'

/** What an engine has to load, which is more than the kind: each family has its own files and settings. */
export const SttFamily = z.enum([
  'whisper',
  'moonshine',
  'sense-voice',
  'paraformer',
  'streaming-paraformer',
  'transducer',
  'streaming-transducer',
  'nemo-transducer',
  'nemo-ctc',
])
export type SttFamily = z.infer<typeof SttFamily>

export const TtsFamily = z.enum(['vits', 'kokoro', 'kitten', 'matcha'])
export type TtsFamily = z.infer<typeof TtsFamily>

export const ModelFamily = z.enum([...SttFamily.options, ...TtsFamily.options, 'gguf'])
export type ModelFamily = z.infer<typeof ModelFamily>

/** What a file of a model is for. `lexicon` may be several, with commas between. */
export const ModelPart = z.enum([
  'model',
  'encoder',
  'decoder',
  'joiner',
  'preprocessor',
  'uncached_decoder',
  'cached_decoder',
  'vocoder',
  'voices',
  'lexicon',
  'tokens',
  'data_dir',
])
export type ModelPart = z.infer<typeof ModelPart>

/** Part → path within the model's folder, with forward slashes. */
export const ModelParts = z.partialRecord(ModelPart, z.string())
export type ModelParts = Readonly<z.infer<typeof ModelParts>>
