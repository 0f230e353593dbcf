import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A model on the disk; `name` is its folder's, or its file's without the ending when it lies in no folder. */
export type LlmFile = Readonly<{ name: string; path: string }>

/** `llm/<model_id>/*.gguf` and `llm/*.gguf`, in the order of their names. */
export async function llmFiles(models_dir: string): Promise<LlmFile[]> {
  const folder = join(models_dir, 'llm')
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    entries.map(async (entry): Promise<LlmFile[]> => {
      if (!entry.isDirectory() && isModel(entry.name))
        return [{ name: entry.name.slice(0, -ENDING.length), path: join(folder, entry.name) }]
      if (!entry.isDirectory()) return []
      // A model in several parts is loaded by its first one.
      const [first] = (await readdir(join(folder, entry.name))).filter(isModel).sort()
      return first === undefined ? [] : [{ name: entry.name, path: join(folder, entry.name, first) }]
    }),
  )
  return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1))
}

const ENDING = '.gguf'
/** `mmproj` belongs to a model that sees, and is none itself. */
const isModel = (file: string) => file.toLowerCase().endsWith(ENDING) && !file.toLowerCase().startsWith('mmproj')

/** '' takes the first; a file's quantisation may be left out. Throws an Error that names what is there. */
export function pickLlm(files: readonly LlmFile[], wanted: string): LlmFile {
  const name = wanted.toLowerCase()
  const exact = files.find((file) => file.name === wanted)
  const found =
    exact ?? files.find((file) => `${file.name.toLowerCase()}.`.replaceAll('-', '.').startsWith(`${name.replaceAll('-', '.')}.`))
  const match = wanted === '' ? files[0] : found
  if (match) return match
  if (files.length === 0) throw new Error('There is no built-in LLM in the models folder: fetch one in Models & keys')
  throw new Error(
    `The built-in LLM "${wanted}" is not in the models folder; there are: ${files.map((file) => file.name).join(', ')}`,
  )
}
