import { join } from 'node:path'
import { StudioError } from '../../core/contract/errors.ts'
import type { ModelProgress } from '../../core/contract/models.ts'
import { ModelId } from '../../core/local-models/model-id.ts'
import { modelIdOf, nameOf } from './importing/model-name.ts'
import { installedModels } from './installed-models.ts'
import { inWorkFolder, leaveIncoming } from './incoming.ts'
import type { FolderFacts } from './making/describe-folder.ts'
import { runConversion } from './making/run-conversion.ts'
import type { ConversionProgress } from './making/run-conversion.ts'
import { storeModel } from './store-model.ts'

export type ImportOptions = Readonly<{
  models_dir: string
  path: string
  /** Absent: made from the path. */
  model_id: string | undefined
  signal: AbortSignal
  progress: (progress: Omit<ModelProgress, 'id'>) => void
}>

/** Takes a model of the user’s own into the models folder, and tells its id. Until it is whole, nothing is there. */
export async function importOwn({ models_dir, path, model_id, signal, progress }: ImportOptions): Promise<string> {
  const name = nameOf(path)
  const id = requireFree(models_dir, model_id ?? modelIdOf(name))
  await inWorkFolder(models_dir, async (folder) => {
    const [work, to] = [join(folder, 'work'), join(folder, 'model')]
    const report = (copied: ConversionProgress) => progress({ ...copied, phase: 'converting' })
    const facts = await runConversion({ type: 'import', path, work, to }, signal, report)
    await storeModel(to, models_dir, facts, { ...describe(facts, name), model_id: id, source: path })
    const bytes = facts.files.reduce((sum, file) => sum + file.bytes, 0)
    progress({ phase: 'done', item: name, done_bytes: bytes, total_bytes: bytes })
  })
  await leaveIncoming(models_dir)
  return id
}

const describe = ({ family, parameters, licence, languages = [], voices = [], ...facts }: FolderFacts, name: string) => ({
  name: facts.name ?? name,
  description: `Imported: ${family}${parameters ? `, ${inWords(parameters)} parameters` : ''}.`,
  licence: licence ?? 'not stated by the file; see where it came from',
  languages,
  voices,
  checked: 'own' as const,
})

function requireFree(models_dir: string, wanted: string): string {
  const id = ModelId.safeParse(wanted)
  if (!id.success)
    throw new StudioError('malformed', `"${wanted}" cannot be the name of a model`, 'Use letters, digits, . _ and -.')
  if (installedModels(models_dir).some(({ model_id }) => model_id === id.data)) {
    throw new StudioError('conflict', `There is a model "${id.data}" already`, 'Give another name, or remove that one first.')
  }
  return id.data
}

const inWords = (parameters: number): string =>
  parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)} billion` : `${Math.round(parameters / 1e6)} million`
