import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { ModelFamily, ModelParts } from '../../../core/local-models/speech-family.ts'
import { REQUIRED_PARTS, recogniseSpeech } from '../../../core/local-models/speech-folder.ts'
import { readGguf } from '../gguf/read-gguf.ts'
import { readOnnxMetadata } from './onnx-metadata.ts'
import { RefusedModel } from './refused-model.ts'

/** What lies in a folder that was made or taken in. */
export const FolderFacts = z.object({
  kind: z.enum(['stt', 'llm', 'tts']),
  family: ModelFamily,
  parts: ModelParts,
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  name: z.string().optional(),
  licence: z.string().optional(),
  languages: z.array(z.string()).optional(),
  voices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  architecture: z.string().optional(),
  parameters: z.int().optional(),
  context_length: z.int().optional(),
})
export type FolderFacts = Readonly<z.infer<typeof FolderFacts>>

/** Reads and hashes all of a folder. Throws RefusedModel when it is no model that an engine can load. */
export async function describeFolder(folder: string, onHashed: (bytes: number) => void): Promise<FolderFacts> {
  const paths = await filesIn(folder)
  const recognised = recognise(folder, paths)
  const files = []
  let hashed = 0
  for (const path of paths) {
    const { size } = await stat(join(folder, path))
    files.push({ path, bytes: size, sha256: await sha256Of(join(folder, path)) })
    onHashed((hashed += size))
  }
  return { ...recognised, files }
}

/** Without its hashes: enough to tell what it is. */
export function recognise(folder: string, paths: readonly string[]): Omit<FolderFacts, 'files'> {
  const gguf = paths.filter((path) => path.endsWith('.gguf')).toSorted()[0]
  return gguf === undefined ? speech(folder, paths) : languageModel(folder, gguf)
}

function languageModel(folder: string, model: string): Omit<FolderFacts, 'files'> {
  const { languages, licence, has_template, ...facts } = readGguf(join(folder, model))
  if (!has_template && !/llama|qwen|gemma|mistral|phi/.test(facts.architecture)) {
    throw new RefusedModel(
      'It does not say how a conversation is written (no chat template), so that it cannot be talked with.',
      'Choose an "instruct" or "chat" version of the model.',
    )
  }
  return {
    kind: 'llm',
    family: 'gguf',
    parts: { model },
    ...facts,
    ...(licence !== undefined && { licence }),
    ...(languages.length > 0 && { languages: [...languages] }),
  }
}

function speech(folder: string, paths: readonly string[]): Omit<FolderFacts, 'files'> {
  const top = paths.filter((path) => path.endsWith('.onnx') && !path.includes('/'))
  const metadata = Object.fromEntries(top.map((path) => [path, readOnnxMetadata(join(folder, path))]))
  const found = recogniseSpeech(paths, metadata)
  if (!found) throw notKnown()
  const missing = REQUIRED_PARTS[found.family].filter((part) => found.parts[part] === undefined)
  if (missing.length > 0) throw new RefusedModel(`It lacks ${missing.join(', ')}.`, 'Take the whole folder of the model.')
  const main = metadata[found.parts.model ?? found.parts.encoder ?? ''] ?? {}
  const voices = voicesOf(main)
  return { ...found, ...(voices && { voices }) }
}

/** Speakers by number, with names where the model tells them. */
function voicesOf(metadata: Readonly<Record<string, string>>): { value: string; label: string }[] | undefined {
  const count = Number(metadata['n_speakers'] ?? 1)
  if (!Number.isInteger(count) || count < 2 || count > 2000) return undefined
  const names = (metadata['speaker_names'] ?? '').split(',').filter((name) => name !== '')
  return Array.from({ length: count }, (_, speaker) => ({
    value: String(speaker),
    label: names.length === count ? (names[speaker] ?? '') : `Speaker ${speaker}`,
  }))
}

/** All files below a folder, with forward slashes, in order; a link counts when it leads to a file and not to a device without end. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => undefined))?.isFile() : entry.isFile()
    return isFile ? [path] : []
  })
  return (await Promise.all(files))
    .flat()
    .map((path) => path.slice(folder.length + 1).replaceAll(sep, '/'))
    .toSorted()
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

export const notKnown = () =>
  new RefusedModel(
    'It is no model that Greenroom can use.',
    'It takes a GGUF file, a Piper voice (.onnx with its .onnx.json), a sherpa-onnx folder with its tokens.txt, or a faster-whisper (CTranslate2) folder with model.bin, config.json and its vocabulary.',
  )
