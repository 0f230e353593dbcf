/**
 * Takes in a model of the user’s own. Threat: the folder is a stranger’s download. Only files that the model needs are copied, under the
 * new folder; what is in them is read with bounds; nothing of it is run.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ConvertTask } from '../making/convert-task.ts'
import { filesIn, notKnown, recognise } from '../making/describe-folder.ts'
import type { FolderFacts } from '../making/describe-folder.ts'
import { RefusedModel } from '../making/refused-model.ts'
import type { ConversionProgress } from '../making/run-conversion.ts'
import { convertPiper } from '../piper/convert-piper.ts'
import { convertWhisper } from '../whisper/convert-whisper.ts'
import { nameOf } from './model-name.ts'
import { checkPiperVoice } from './piper-voice.ts'

type ImportTask = Extract<ConvertTask, { type: 'import' }>
type OnProgress = (progress: ConversionProgress) => void

/** What the files themselves do not say. */
export type ToldFacts = Partial<Pick<FolderFacts, 'name' | 'languages'>>

/** Makes `to` out of what lies at `path`. Throws RefusedModel when that is no model. */
export async function importModel({ path, to }: ImportTask, onProgress: OnProgress): Promise<ToldFacts> {
  const there = await stat(path).catch(() => undefined)
  if (!there)
    throw new RefusedModel(
      `There is nothing at ${path}.`,
      'Give the full path of a file or folder on the machine that runs Greenroom.',
    )
  await mkdir(to, { recursive: true })
  return there.isDirectory() ? importFolder(path, to, onProgress) : importFile(path, to, onProgress)
}

async function importFile(path: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  const name = basename(path)
  if (/\.(tar|tgz|gz|bz2|xz|zst|zip|7z|rar|whl)$/i.test(name)) {
    throw new RefusedModel('It is an archive.', 'Unpack it, and import the folder that comes out.')
  }
  if (name.endsWith('.onnx.json')) return importPiper(path.slice(0, -'.json'.length), to, onProgress)
  if (name.endsWith('.onnx') && (await isFile(`${path}.json`))) return importPiper(path, to, onProgress)
  if (/\.gguf$/i.test(name)) return importGguf(path, to, onProgress)
  throw name.endsWith('.onnx') ? lonelyOnnx() : notKnown()
}

async function importFolder(folder: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  const names = await readdir(folder)
  const gguf = names.filter((name) => /\.gguf$/i.test(name)).toSorted()
  const voices = names.filter((name) => name.endsWith('.onnx') && names.includes(`${name}.json`))
  if (names.includes('model.bin') && names.includes('config.json')) return importWhisper(folder, to, onProgress)
  if (gguf[0] !== undefined && (gguf.length === 1 || isFirstPart(gguf[0])))
    return importGguf(join(folder, gguf[0]), to, onProgress)
  if (gguf.length > 1)
    throw new RefusedModel(`There are ${gguf.length} models in the folder.`, 'Name the one file that you want.')
  if (voices.length === 1 && !names.includes('tokens.txt')) return importPiper(join(folder, voices[0] ?? ''), to, onProgress)
  if (voices.length > 1)
    throw new RefusedModel(`There are ${voices.length} voices in the folder.`, 'Name the one .onnx file that you want.')
  return importSherpa(folder, to, onProgress)
}

const isFirstPart = (name: string) => /-00001-of-\d{5}\.gguf$/i.test(name)

/** A large one may come in parts, which llama.cpp finds by their names. */
async function importGguf(path: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  recognise(dirname(path), [basename(path)])
  const whole = basename(path).replace(/-00001-of-\d{5}\.gguf$/i, '')
  const isPart = (name: string) => name.startsWith(whole) && /-\d{5}-of-\d{5}\.gguf$/i.test(name)
  const names = isFirstPart(path) ? (await readdir(dirname(path))).filter(isPart) : [basename(path)]
  await copyAll(dirname(path), names, to, onProgress)
  return {}
}

async function importPiper(onnx: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  await checkPiperVoice(onnx)
  const { size } = await stat(onnx)
  onProgress({ item: basename(onnx), done_bytes: 0, total_bytes: size })
  const { languages } = await convertPiper(onnx, to)
  return { name: `Piper ${basename(onnx, '.onnx')}`, languages }
}

async function importWhisper(folder: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  const { size } = await stat(join(folder, 'model.bin'))
  onProgress({ item: 'model.bin', done_bytes: 0, total_bytes: size })
  const name = nameOf(folder).replace(/^faster-whisper-|^whisper-/i, '')
  try {
    await convertWhisper(name, folder, to)
  } catch (cause) {
    throw new RefusedModel(
      `It is no Whisper model that can be converted: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Take a folder of faster-whisper: model.bin, config.json and vocabulary.txt or vocabulary.json.',
    )
  }
  return { name: `Whisper ${name}`, ...(name.endsWith('.en') && { languages: ['en'] }) }
}

/** Only what the engine loads: such folders hold test recordings and other precisions too. */
async function importSherpa(folder: string, to: string, onProgress: OnProgress): Promise<ToldFacts> {
  const paths = await filesIn(folder)
  if (!paths.some((path) => /(^|-)tokens\.txt$/.test(path))) throw notKnown()
  const { parts } = recognise(folder, paths)
  const { data_dir, lexicon, ...files } = parts
  const wanted = new Set([...Object.values(files), ...(lexicon?.split(',') ?? [])])
  const isWanted = (path: string) =>
    wanted.has(path) || (data_dir !== undefined && path.startsWith(`${data_dir}/`)) || /^[\w-]+\.(fst|far)$/.test(path)
  await copyAll(folder, paths.filter(isWanted), to, onProgress)
  return {}
}

async function copyAll(from: string, names: readonly string[], to: string, onProgress: OnProgress): Promise<void> {
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(from, name))).size))
  const total_bytes = sizes.reduce((sum, size) => sum + size, 0)
  let done_bytes = 0
  let told = 0
  for (const item of names) {
    const target = join(to, item)
    await mkdir(dirname(target), { recursive: true })
    const counting = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        done_bytes += chunk.length
        if (done_bytes - told > total_bytes / 200 || done_bytes === total_bytes) {
          told = done_bytes
          onProgress({ item, done_bytes, total_bytes })
        }
        next(null, chunk)
      },
    })
    await pipeline(createReadStream(join(from, item), { highWaterMark: 1 << 20 }), counting, createWriteStream(target))
  }
}

const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() === true

const lonelyOnnx = () =>
  new RefusedModel(
    'An .onnx file alone does not say what it is.',
    'Of a Piper voice take the .onnx.json beside it along; of a sherpa-onnx model import the whole folder.',
  )
