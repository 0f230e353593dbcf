import { readFileSync, readdirSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join, sep } from 'node:path'
import { CURATED_MODELS } from '../../core/local-models/curated-models.ts'
import { MODEL_RECORD_FILE, ModelRecord } from '../../core/local-models/model-record.ts'
import { REQUIRED_PARTS, recogniseSpeech } from '../../core/local-models/speech-folder.ts'
import type { ModelFamily, ModelParts } from '../../core/local-models/speech-family.ts'

export const MODEL_KINDS = ['stt', 'llm', 'tts'] as const
export type ModelKind = (typeof MODEL_KINDS)[number]

/** A model that is whole in the models folder. */
export type InstalledModel = Readonly<{
  kind: ModelKind
  model_id: string
  family: ModelFamily
  parts: ModelParts
  /** Its folder; of a GGUF that lies by itself, that file. */
  path: string
  disk_bytes: number
  /** ISO 639-1; empty: unknown. */
  languages: readonly string[]
  voices: readonly string[]
  /** Absent: it was put there by hand. */
  record: ModelRecord | undefined
}>

/** What is in the models folder, the curated list's order first. Models are moved into place whole, so that being there is enough. */
export function installedModels(models_dir: string): InstalledModel[] {
  const found = MODEL_KINDS.flatMap((kind) =>
    entriesIn(join(models_dir, kind)).flatMap((entry) => readable(models_dir, kind, entry) ?? []),
  )
  const order = new Map(CURATED_MODELS.map(({ model_id }, i) => [model_id, i]))
  const place = ({ model_id }: InstalledModel) => order.get(model_id) ?? Number.MAX_SAFE_INTEGER
  return found.toSorted((a, b) => place(a) - place(b) || (a.model_id < b.model_id ? -1 : 1))
}

/** One folder that nobody may read, or that goes while it is read, hides no other model. */
function readable(models_dir: string, kind: ModelKind, entry: Dirent): InstalledModel | undefined {
  try {
    return readModel(models_dir, kind, entry)
  } catch {
    return undefined
  }
}

function readModel(models_dir: string, kind: ModelKind, entry: Dirent): InstalledModel | undefined {
  const path = join(models_dir, kind, entry.name)
  if (entry.name.startsWith('.')) return undefined
  if (!entry.isDirectory()) return kind === 'llm' && /\.gguf$/i.test(entry.name) ? looseGguf(path, entry.name) : undefined
  const files = filesBelow(path)
  const record = readRecord(path)
  const known = record?.kind === kind ? record : recognised(kind, Object.keys(files))
  if (!known || !isWhole(known, files)) return undefined
  return {
    kind,
    model_id: entry.name,
    family: known.family,
    parts: known.parts,
    path,
    disk_bytes: Object.values(files).reduce((sum, bytes) => sum + bytes, 0),
    languages: record?.languages ?? curated(entry.name)?.languages ?? [],
    voices: (record?.voices ?? curated(entry.name)?.voices ?? []).map(({ value }) => value),
    record,
  }
}

const curated = (model_id: string) => CURATED_MODELS.find((model) => model.model_id === model_id)

/** As older set-ups and people by hand lay it: the file itself among the folders. */
function looseGguf(path: string, name: string): InstalledModel {
  const same = CURATED_MODELS.find(
    ({ kind, files }) => kind === 'llm' && files.some((file) => file.name.toLowerCase() === name.toLowerCase()),
  )
  return {
    kind: 'llm',
    model_id: same?.model_id ?? name.replace(/\.gguf$/i, ''),
    family: 'gguf',
    parts: { model: name },
    path,
    disk_bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
    languages: same?.languages ?? [],
    voices: [],
    record: readRecord(path),
  }
}

type Known = Pick<InstalledModel, 'family' | 'parts'>

function recognised(kind: ModelKind, files: readonly string[]): Known | undefined {
  if (kind !== 'llm') {
    const found = recogniseSpeech(files)
    return found?.kind === kind ? found : undefined
  }
  const model = files.filter((file) => /\.gguf$/i.test(file)).toSorted()[0]
  return model === undefined ? undefined : { family: 'gguf', parts: { model } }
}

const isWhole = ({ family, parts }: Known, files: Readonly<Record<string, number>>): boolean =>
  REQUIRED_PARTS[family].every((part) => files[parts[part] ?? ''] !== undefined)

/** In the folder, or beside a file that lies by itself. */
export const recordPath = (path: string): string => (/\.gguf$/i.test(path) ? `${path}.json` : join(path, MODEL_RECORD_FILE))

/** Undefined: there is none, or a full disk cut it off; the files themselves still tell what they are. */
function readRecord(path: string): ModelRecord | undefined {
  try {
    return ModelRecord.safeParse(JSON.parse(readFileSync(recordPath(path), 'utf8'))).data
  } catch {
    return undefined
  }
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return [] // nothing was fetched yet
  }
}

/** Path with forward slashes → bytes. */
function filesBelow(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    files.flatMap((file) => {
      const found = statSync(join(folder, file), { throwIfNoEntry: false })
      return found?.isFile() ? [[file.split(sep).join('/'), found.size]] : []
    }),
  )
}
