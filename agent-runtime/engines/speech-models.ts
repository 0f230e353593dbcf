import { readFile, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { MODEL_RECORD_FILE, ModelRecord } from '../../core/local-models/model-record.ts'
import { SttFamily, TtsFamily } from '../../core/local-models/speech-family.ts'
import { recogniseSpeech } from '../../core/local-models/speech-folder.ts'
import { REQUIRED_PARTS, type SpeechFolder } from '../../core/local-models/speech-folder.ts'

/** A speech model as the engine loads it. */
export type SpeechModel = SpeechFolder &
  Readonly<{
    model_id: string
    folder: string
    /** ISO 639-1; empty: unknown. */
    languages: readonly string[]
    /** Speakers of a voice model, in the order of their numbers; empty: one. */
    voices: readonly string[]
  }>

/** The models of one kind in the models folder, in the order of their names. */
export async function speechModels(models_dir: string, kind: 'stt' | 'tts'): Promise<readonly SpeechModel[]> {
  const dir = join(models_dir, kind)
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const names = entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : [])).sort()
  return (await Promise.all(names.map((name) => readModel(join(dir, name), name)))).flatMap((model) => model ?? [])
}

/** By its record, or where there is none by the names of its files; undefined when it is no model of speech. */
async function readModel(folder: string, model_id: string): Promise<SpeechModel | undefined> {
  const record = await readFile(join(folder, MODEL_RECORD_FILE), 'utf8').then(parseRecord, () => undefined)
  const known = record && toSpeechFolder(record)
  if (record && known) {
    return { ...known, model_id, folder, languages: record.languages, voices: record.voices.map(({ value }) => value) }
  }
  const files = await readdir(folder, { recursive: true })
  const found = recogniseSpeech(files.map((file) => file.split(sep).join('/')))
  return found && { ...found, model_id, folder, languages: languagesOf(model_id), voices: [] }
}

function parseRecord(text: string): ModelRecord | undefined {
  try {
    return ModelRecord.safeParse(JSON.parse(text)).data
  } catch {
    return undefined // cut off by a full disk: the files themselves still tell what they are
  }
}

function toSpeechFolder({ kind, family, parts }: ModelRecord): SpeechFolder | undefined {
  const [stt, tts] = [SttFamily.safeParse(family), TtsFamily.safeParse(family)]
  if (kind === 'stt' && stt.success) return { kind, family: stt.data, parts }
  if (kind === 'tts' && tts.success) return { kind, family: tts.data, parts }
  return undefined
}

/** Piper and Whisper name their languages: `piper-en_US-joe`, `whisper-tiny.en`. */
function languagesOf(model_id: string): readonly string[] {
  const language = /(?:^|-)([a-z]{2})_[A-Z]{2}(?:-|$)/.exec(model_id)?.[1] ?? /\.([a-z]{2})$/.exec(model_id)?.[1]
  return language === undefined ? [] : [language]
}

/** The native side ends the process when a file is missing, so that is looked at first. */
export async function requireParts(
  { family, parts, folder }: SpeechModel,
  exists: (path: string) => Promise<boolean>,
): Promise<void> {
  for (const part of REQUIRED_PARTS[family]) {
    const file = parts[part]
    if (file === undefined) throw new Error(`"${relative('.', folder)}" has no ${part}; fetch or import it again`)
    if (!(await exists(join(folder, file))))
      throw new Error(`"${join(folder, file)}" is missing; fetch or import the model again`)
  }
}

/** Finds a model by its id, with or without the family in front ("tiny.en" = "whisper-tiny.en"); '' takes the first. */
export function pickModel(models: readonly SpeechModel[], wanted: string, what: 'voice' | 'model'): SpeechModel {
  if (models.length === 0) throw new Error(noModels(what === 'voice' ? 'tts' : 'stt'))
  const match = models.find(({ model_id: id }) => wanted === '' || id === wanted || id.slice(id.indexOf('-') + 1) === wanted)
  if (match) return match
  const there = models.map(({ model_id }) => model_id).join(', ')
  throw new Error(`The built-in ${what} "${wanted}" is not in the models folder; there are: ${there}`)
}

export const noModels = (kind: string, models_dir?: string): string =>
  `There are no built-in ${kind} models${models_dir === undefined ? '' : ` in "${models_dir}"`}: fetch them under Models & keys`
