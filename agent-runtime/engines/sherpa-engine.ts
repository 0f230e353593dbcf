import { access } from 'node:fs/promises'
import { isStreaming } from '../../core/local-models/speech-folder.ts'
import type { Engine } from './engine.ts'
import { createModelCache } from './model-cache.ts'
import { loadStreamingRecognizer, type Listen } from './sherpa-streaming.ts'
import { loadRecognizer, type Transcribe } from './sherpa-stt.ts'
import { loadVoice, type Speak } from './sherpa-tts.ts'
import { STT_RATE } from './utterance.ts'
import { createModelList } from './model-list.ts'
import { noModels, pickModel, requireParts, type SpeechModel } from './speech-models.ts'

/** Loaded at once of each sort: the one in use, and the one that was changed from. */
const LOADED = 2

/** Built-in speech from a models folder; the first model of each kind is loaded before it answers, others when they are asked for. */
export async function createSherpaEngine(models_dir: string): Promise<Engine> {
  const [models, voices] = [createModelList(models_dir, 'stt'), createModelList(models_dir, 'tts')]
  const [ears, mouths] = await Promise.all([models(), voices()])
  if (ears.length + mouths.length === 0) throw new Error(noModels('stt or tts', models_dir))
  const recognizers = createModelCache<Transcribe>(LOADED)
  const listeners = createModelCache<Listen>(LOADED)
  const speakers = createModelCache<Speak>(LOADED)

  const recognizer = (model: SpeechModel & { kind: 'stt' }, language: string) => {
    const spoken = languageOf(model, language)
    return recognizers(`${model.model_id} ${spoken}`, () => loaded(model, () => loadRecognizer(model, spoken)))
  }
  const listener = (model: SpeechModel & { kind: 'stt' }) => {
    if (!isStreaming(model.family)) throw new Error(`"${model.model_id}" hears whole utterances only`)
    return listeners(model.model_id, () => loaded(model, async () => loadStreamingRecognizer(model)))
  }
  const engine: Engine = {
    streaming: async () => (await models()).flatMap(({ family, model_id }) => (isStreaming(family) ? [model_id] : [])),
    async transcribe(pcm, { model, language, interim }, signal) {
      const picked = sttModel(pickModel(await models(), model, 'model'))
      if (!isStreaming(picked.family)) return (await recognizer(picked, language))(pcm, signal, interim)
      const hearing = (await listener(picked))(() => undefined)
      hearing.push(pcm)
      return hearing.finish()
    },
    listen: async ({ model }, onInterim) => (await listener(sttModel(pickModel(await models(), model, 'model'))))(onInterim),
    async *synthesize(text, { model, voice, speed }, signal) {
      const known = await voices()
      // Without a model the voice names one: by its own name, or as the one that has this voice.
      const wanted = model || (known.find((one) => one.voices.includes(voice))?.model_id ?? voice)
      const picked = ttsModel(pickModel(known, wanted, 'voice'))
      const speak = await speakers(picked.model_id, () => loaded(picked, () => loadVoice(picked)))
      yield* speak(text, voice, speed, signal)
    },
  }
  await warmUp(engine, ears.length > 0, mouths.length > 0)
  return engine
}

async function loaded<Value>(model: SpeechModel, load: () => Promise<Value>): Promise<Value> {
  await requireParts(model, (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  )
  return load()
}

function sttModel(model: SpeechModel): SpeechModel & { kind: 'stt' } {
  if (model.kind === 'stt') return model
  throw new Error(`"${model.model_id}" does not hear`)
}

function ttsModel(model: SpeechModel): SpeechModel & { kind: 'tts' } {
  if (model.kind === 'tts') return model
  throw new Error(`"${model.model_id}" does not speak`)
}

/** A model whose name ends in ".en" knows English only and takes no language; the others must be told ("en-US" → "en"). */
function languageOf({ model_id }: SpeechModel, language: string): string {
  if (model_id.endsWith('.en')) return ''
  return language.split('-')[0]?.toLowerCase() ?? ''
}

/** The first run of each model is several times slower than the next; it is not to be the caller's. */
async function warmUp(engine: Engine, hears: boolean, speaks: boolean): Promise<void> {
  const { signal } = new AbortController()
  const hear = (pcm: Int16Array) => engine.transcribe(pcm, { model: '', language: 'en' }, signal)
  const said = speaks ? engine.synthesize('Ready.', { model: '', voice: '', speed: 1 }, signal) : []
  for await (const { pcm } of said) if (hears) await hear(pcm)
  if (hears && !speaks) await hear(new Int16Array(STT_RATE).fill(1000))
}
