import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ModelMeasure } from '../../core/contract/models.ts'
import { MODEL_RECORD_FILE } from '../../core/local-models/model-record.ts'
import type { ModelRecord } from '../../core/local-models/model-record.ts'
import { recordPath } from './installed-models.ts'
import type { InstalledModel } from './installed-models.ts'
import type { FolderFacts } from './making/describe-folder.ts'

export type Described = Pick<
  ModelRecord,
  'model_id' | 'name' | 'description' | 'licence' | 'languages' | 'voices' | 'source' | 'checked'
>

/** Writes `model.json` beside what was made and moves the whole into place; what was there before is an older or incomplete copy. */
export async function storeModel(made: string, models_dir: string, facts: FolderFacts, described: Described): Promise<void> {
  const { architecture, parameters, context_length } = facts
  const record: ModelRecord = {
    format: 1,
    kind: facts.kind,
    family: facts.family,
    parts: facts.parts,
    installed_at: Date.now(),
    files: facts.files,
    ...described,
    ...(architecture !== undefined && { architecture }),
    ...(parameters !== undefined && { parameters }),
    ...(context_length !== undefined && { context_length }),
  }
  await writeRecord(join(made, MODEL_RECORD_FILE), record)
  const place = join(models_dir, facts.kind, described.model_id)
  await mkdir(dirname(place), { recursive: true })
  await rm(place, { recursive: true, force: true })
  await rename(made, place)
}

/** Keeps a measurement beside its model; one that was put there by hand gets a record by that. */
export async function rememberMeasure(model: InstalledModel, measured: ModelMeasure): Promise<void> {
  const { kind, model_id, family, parts, languages, voices } = model
  const byHand: ModelRecord = {
    format: 1,
    model_id,
    kind,
    family,
    parts,
    name: model_id,
    description: 'Put into the models folder by hand.',
    licence: 'unknown',
    languages: [...languages],
    voices: voices.map((value) => ({ value, label: value })),
    source: 'the models folder',
    checked: 'own',
    installed_at: measured.at,
    files: [],
  }
  await writeRecord(recordPath(model.path), { ...(model.record ?? byHand), measured })
}

async function writeRecord(path: string, record: ModelRecord): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
