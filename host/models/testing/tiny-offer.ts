import type { CuratedModel, PackageFile } from '../../../core/local-models/curated-model.ts'
import type { Offer } from '../model-list.ts'
import { pinOf } from './package-server.ts'
import { tinyOnnx } from './tiny-onnx.ts'
import { tinyConfig, tinyModel, tinyVocabulary } from './tiny-whisper.ts'
import { wheelOf } from './wheel.ts'

const VOICE = {
  audio: { sample_rate: 22050 },
  espeak: { voice: 'en-us' },
  language: { name_english: 'English' },
  num_speakers: 1,
  phoneme_id_map: { _: [0], ' ': [3], a: [14] },
}

const utf8 = new TextEncoder()
export const WHISPER_FILES: Readonly<Record<string, Uint8Array>> = {
  'model.bin': tinyModel(),
  'vocabulary.txt': utf8.encode(tinyVocabulary()),
  'config.json': utf8.encode(tinyConfig()),
}
export const VOICE_FILES: Readonly<Record<string, Uint8Array>> = {
  'voice.onnx': tinyOnnx(),
  'voice.onnx.json': utf8.encode(JSON.stringify(VOICE)),
}

/** Two models as small as can be, of the kinds of the starter set, in packages of their own. */
export async function tinyOffer(): Promise<{
  offer: Offer
  wheels: Record<string, Uint8Array>
  packages: readonly PackageFile[]
}> {
  const [whisper, voice] = [await wheelOf(WHISPER_FILES), await wheelOf(VOICE_FILES)]
  const wheels = { 'tiny_whisper-1-py3-none-any.whl': whisper, 'tiny_voice-1-py3-none-any.whl': voice }
  const packages = [
    pinOf('tiny-whisper', 'tiny_whisper-1-py3-none-any.whl', whisper, entriesOf(WHISPER_FILES)),
    pinOf('tiny-voice', 'tiny_voice-1-py3-none-any.whl', voice, entriesOf(VOICE_FILES)),
  ]
  const models = [
    tinyCurated('whisper-tiny.en', { kind: 'stt', family: 'whisper', make: 'ct2-whisper' }, packages.slice(0, 1)),
    tinyCurated('piper-en_US-joe', { kind: 'tts', family: 'vits', make: 'piper' }, packages.slice(1)),
  ]
  const sets = [{ set_id: 'starter', name: 'Starter', model_ids: models.map(({ model_id }) => model_id) }]
  return { offer: { models, sets }, wheels, packages }
}

const entriesOf = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.entries(files).map(([path, bytes]) => ({ path, bytes: bytes.length, name: path }))

export const tinyCurated = (
  model_id: string,
  what: Pick<CuratedModel, 'kind' | 'family' | 'make'> & Partial<CuratedModel>,
  packages: readonly PackageFile[] = [],
): CuratedModel => ({
  model_id,
  name: model_id,
  description: 'for tests',
  licence: 'none',
  languages: ['en'],
  files: [],
  packages,
  disk_bytes: 1000,
  ...what,
})

/** A language model that only a hub has; size and hash are the hub’s to tell. */
export const HUB_LLM = tinyCurated('tiny-llm', {
  kind: 'llm',
  family: 'gguf',
  make: 'copy',
  files: [{ name: 'tiny.gguf', bytes: 1, hub: { repo: 'tests/tiny', revision: 'main', path: 'gguf/tiny ü-*.gguf' } }],
})
