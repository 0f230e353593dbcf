import { join } from 'node:path'
import type { OfflineModelConfig, OnlineModelConfig, TtsModelConfig } from 'sherpa-onnx-node'
import type { ModelPart } from '../../core/local-models/speech-family.ts'
import type { SpeechModel } from './speech-models.ts'
import { inferenceThreads } from './threads.ts'

type Files = (part: ModelPart) => string

/** Path of a part; '' is how sherpa-onnx takes one that a model does without. */
const filesOf =
  ({ folder, parts }: SpeechModel): Files =>
  (part) =>
    (parts[part] ?? '')
      .split(',')
      .map((file) => (file === '' ? '' : join(folder, file)))
      .join(',')

/** For a model that hears whole utterances; `language` is a code, or '' for the model's own. */
export function offlineConfig(model: SpeechModel & { kind: 'stt' }, language: string): OfflineModelConfig {
  const file = filesOf(model)
  const shared = { tokens: file('tokens'), numThreads: inferenceThreads() }
  const transducer = () => ({ encoder: file('encoder'), decoder: file('decoder'), joiner: file('joiner') })
  switch (model.family) {
    case 'whisper':
      return {
        ...shared,
        whisper: { encoder: file('encoder'), decoder: file('decoder'), language, task: 'transcribe', tailPaddings: 50 },
      }
    case 'moonshine':
      return {
        ...shared,
        moonshine: {
          preprocessor: file('preprocessor'),
          encoder: file('encoder'),
          uncachedDecoder: file('uncached_decoder'),
          cachedDecoder: file('cached_decoder'),
        },
      }
    case 'sense-voice':
      return { ...shared, senseVoice: { model: file('model'), language, useInverseTextNormalization: 1 } }
    case 'paraformer':
      return { ...shared, paraformer: { model: file('model') } }
    case 'nemo-ctc':
      return { ...shared, nemoCtc: { model: file('model') } }
    case 'transducer':
      return { ...shared, transducer: transducer() }
    case 'nemo-transducer':
      return { ...shared, transducer: transducer(), modelType: 'nemo_transducer' }
    case 'streaming-transducer':
    case 'streaming-paraformer':
      throw new Error(`"${model.model_id}" hears while somebody speaks; it takes no whole recordings`)
  }
}

/** For a model that hears while somebody speaks. */
export function onlineConfig(model: SpeechModel & { kind: 'stt' }): OnlineModelConfig {
  const file = filesOf(model)
  const shared = { tokens: file('tokens'), numThreads: inferenceThreads() }
  if (model.family === 'streaming-paraformer')
    return { ...shared, paraformer: { encoder: file('encoder'), decoder: file('decoder') } }
  return { ...shared, transducer: { encoder: file('encoder'), decoder: file('decoder'), joiner: file('joiner') } }
}

export function ttsConfig(model: SpeechModel & { kind: 'tts' }): TtsModelConfig {
  const file = filesOf(model)
  const shared = { tokens: file('tokens'), dataDir: file('data_dir'), lengthScale: 1 }
  const numThreads = inferenceThreads()
  switch (model.family) {
    case 'vits':
      return {
        vits: { ...shared, model: file('model'), lexicon: file('lexicon'), noiseScale: 0.667, noiseScaleW: 0.8 },
        numThreads,
      }
    case 'kokoro':
      return { kokoro: { ...shared, model: file('model'), voices: file('voices'), lexicon: file('lexicon') }, numThreads }
    case 'kitten':
      return { kitten: { ...shared, model: file('model'), voices: file('voices') }, numThreads }
    case 'matcha':
      return {
        matcha: {
          ...shared,
          acousticModel: file('model'),
          vocoder: file('vocoder'),
          lexicon: file('lexicon'),
          noiseScale: 0.667,
        },
        numThreads,
      }
  }
}
