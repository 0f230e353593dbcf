import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders of one kind in the models folder: `stt/whisper-tiny.en` → `whisper-tiny.en`, in the order of their names. */
export async function modelNames(models_dir: string, kind: 'stt' | 'tts'): Promise<string[]> {
  const entries = await readdir(join(models_dir, kind), { withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(
      `There are no built-in ${kind} models in "${models_dir}": fetch them under Models & keys, or name their folder`,
      {
        cause,
      },
    )
  })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** Finds a model by its folder's name, with or without the family in front ("tiny.en" = "whisper-tiny.en"); '' takes the first. */
export function pickModel(names: readonly string[], wanted: string, what: 'voice' | 'model'): string {
  const match = names.find((name) => wanted === '' || name === wanted || name.slice(name.indexOf('-') + 1) === wanted)
  if (match) return match
  const there = names.length > 0 ? `; there are: ${names.join(', ')}` : ''
  throw new Error(`The built-in ${what} "${wanted}" is not in the models folder${there}`)
}
