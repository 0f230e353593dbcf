import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { modelNames, pickModel } from './model-folder.ts'
import { loadPiper } from './sherpa-tts.ts'
import { loadWhisper } from './sherpa-stt.ts'
import type { Speak } from './sherpa-tts.ts'
import type { Transcribe } from './sherpa-stt.ts'

/** Built-in speech from a models folder; the first model of each kind is loaded before it answers, others when they are asked for. */
export async function createSherpaEngine(models_dir: string): Promise<Engine> {
  const [models, voices] = await Promise.all([modelNames(models_dir, 'stt'), modelNames(models_dir, 'tts')])
  const recognizers = new Map<string, Promise<Transcribe>>()
  const speakers = new Map<string, Promise<Speak>>()

  const recognizer = (model: string, language: string) => {
    const name = pickModel(models, model, 'model')
    const spoken = languageOf(name, language)
    return remembered(recognizers, `${name} ${spoken}`, () => whisperFrom(join(models_dir, 'stt', name), spoken))
  }
  const speaker = (voice: string) => {
    const name = pickModel(voices, voice, 'voice')
    return remembered(speakers, name, () => piperFrom(join(models_dir, 'tts', name)))
  }
  const [transcribe, speak] = await Promise.all([recognizer('', ''), speaker('')])
  await warmUp(transcribe, speak)
  return {
    async transcribe(pcm, { model, language, interim }, signal) {
      return (await recognizer(model, language))(pcm, signal, interim)
    },
    async *synthesize(text, { voice, speed }, signal) {
      yield* (await speaker(voice))(text, speed, signal)
    },
  }
}

function remembered<Value>(known: Map<string, Promise<Value>>, key: string, load: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? load()
  known.set(key, value)
  value.catch(() => known.delete(key))
  return value
}

/** A model whose name ends in ".en" knows English only and takes no language; the others must be told ("en-US" → "en"). */
function languageOf(model: string, language: string): string {
  if (model.endsWith('.en')) return ''
  return language.split('-')[0]?.toLowerCase() ?? ''
}

/** The native side ends the process when a file is missing or cut off, so what is there is looked at first. */
async function whisperFrom(folder: string, language: string): Promise<Transcribe> {
  await expectFiles(folder, ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'])
  return loadWhisper(folder, language)
}

async function piperFrom(folder: string): Promise<Speak> {
  await expectFiles(folder, ['model.onnx', 'tokens.txt', join('espeak-ng-data', 'phontab')])
  return loadPiper(folder)
}

async function expectFiles(folder: string, files: string[]): Promise<void> {
  for (const file of files) {
    await access(join(folder, file)).catch(() => {
      throw new Error(`"${join(folder, file)}" is missing; fetch the built-in speech again`)
    })
  }
}

/** The first run of each model is several times slower than the next; it is not to be the caller's. */
async function warmUp(transcribe: Transcribe, speak: Speak): Promise<void> {
  const { signal } = new AbortController()
  for await (const { pcm } of speak('Ready.', 1, signal)) await transcribe(pcm, signal)
}
