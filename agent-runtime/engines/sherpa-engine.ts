import { access } from 'node:fs/promises'
import { isStreaming } from '../../core/local-models/speech-folder.ts'
import type { Engine } from './engine.ts'
import { createModelCache } from './model-cache.ts'
import { loadStreamingRecognizer, type Listen } from './sherpa-streaming.ts'
import { loadRecognizer, type Transcribe } from './sherpa-stt.ts'
import { loadVoice, type Speak } from './sherpa-tts.ts'
import { STT_RATE } from './utterance.ts'
import { noModels, pickModel, requireParts, speechModels, type SpeechModel } from './speech-models.ts'

/** Loaded at once of each sort: the one in use, and the one that was changed from. */
const LOADED = 2

/** Built-in speech from a models folder; the first model of each kind is loaded before it answers, others when they are asked for. */
export async function createSherpaEngine(models_dir: string): Promise<Engine> {
  const [models, voices] = await Promise.all([speechModels(models_dir, 'stt'), speechModels(models_dir, 'tts')])
  if (models.length + voices.length === 0) throw new Error(noModels('stt or tts', models_dir))
  const recognizers = createModelCache<Transcribe>(LOADED)
  const listeners = createModelCache<Listen>(LOADED)
  const speakers = createModelCache<Speak>(LOADED)

  const recognizer = (wanted: string, language: string) => {
    const model = sttModel(pickModel(models, wanted, 'model'))
    const spoken = languageOf(model, language)
    return recognizers(`${model.model_id} ${spoken}`, () => loaded(model, () => loadRecognizer(model, spoken)))
  }
  const listener = (wanted: string) => {
    const model = sttModel(pickModel(models, wanted, 'model'))
    if (!isStreaming(model.family)) throw new Error(`"${model.model_id}" hears whole utterances only`)
    return listeners(model.model_id, () => loaded(model, async () => loadStreamingRecognizer(model)))
  }
  const speaker = (wanted: string) => {
    const model = ttsModel(pickModel(voices, wanted, 'voice'))
    return speakers(model.model_id, () => loaded(model, () => loadVoice(model)))
  }
  const engine: Engine = {
    streaming: models.flatMap(({ family, model_id }) => (isStreaming(family) ? [model_id] : [])),
    async transcribe(pcm, { model, language, interim }, signal) {
      const picked = pickModel(models, model, 'model')
      if (!isStreaming(picked.family)) return (await recognizer(model, language))(pcm, signal, interim)
      const hearing = (await listener(model))(() => undefined)
      hearing.push(pcm)
      return hearing.finish()
    },
    listen: async ({ model }, onInterim) => (await listener(model))(onInterim),
    async *synthesize(text, { model, voice, speed }, signal) {
      // A voice may be named by its model alone, as one with a single speaker is.
      const wanted = model || (voices.some((known) => known.voices.includes(voice)) ? modelWith(voices, voice) : voice)
      yield* (await speaker(wanted))(text, wanted === voice ? '' : voice, speed, signal)
    },
  }
  await warmUp(engine, models.length > 0, voices.length > 0)
  return engine
}

const modelWith = (voices: readonly SpeechModel[], voice: string) =>
  voices.find((known) => known.voices.includes(voice))?.model_id ?? voice

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
