import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../../core/contract/errors.ts'
import type { ModelProgress } from '../../core/contract/models.ts'
import type { CuratedModel } from '../../core/local-models/curated-model.ts'
import { download } from '../fetching/download.ts'
import type { DownloadOptions } from '../fetching/download.ts'
import { plannedBytes } from './fetching/fetch-plan.ts'
import type { FetchPlan, PlannedFile } from './fetching/fetch-plan.ts'
import type { ModelSource } from './fetching/model-sources.ts'
import { partialName } from '../fetching/wanted-file.ts'
import type { Ingredient } from './making/convert-task.ts'
import { incomingFolder, inWorkFolder, leaveIncoming } from './incoming.ts'
import { runConversion } from './making/run-conversion.ts'
import { storeModel } from './store-model.ts'

export type GetOptions = Readonly<{
  models_dir: string
  /** Asked in this order; the first that has the model and gives it whole is taken. */
  sources: readonly ModelSource[]
  signal: AbortSignal
  progress: (progress: Omit<ModelProgress, 'id'>) => void
  freeDiskBytes: (folder: string) => Promise<number>
}> &
  Pick<DownloadOptions, 'patience' | 'stallMs'>

/** Fetches, checks and makes a model and moves it into place; what was fetched stays until that is done, for another try. */
export async function getModel(model: CuratedModel, options: GetOptions): Promise<void> {
  const { models_dir, signal, progress } = options
  const incoming = join(incomingFolder(models_dir), model.model_id)
  await mkdir(incoming, { recursive: true })
  const { plan, ingredients } = await fetchFromAny(model, incoming, options)
  const total_bytes = plannedBytes(plan)
  const told = { item: model.name, source: plan.shown, done_bytes: total_bytes, total_bytes }
  progress({ phase: model.make === 'copy' ? 'verifying' : 'converting', ...told })
  await inWorkFolder(models_dir, async (folder) => {
    const { model_id, make, espeak = [] } = model
    const [work, to] = [join(folder, 'work'), join(folder, 'model')]
    const facts = await runConversion({ type: 'make', model_id, make, espeak, ingredients, work, to }, signal)
    await storeModel(to, models_dir, { ...facts, kind: model.kind, family: model.family }, describe(model, plan))
  })
  await rm(incoming, { recursive: true, force: true })
  await leaveIncoming(models_dir)
  progress({ phase: 'done', ...told })
}

const describe = (
  { model_id, name, description, licence, languages, voices = [] }: CuratedModel,
  { shown, checked }: FetchPlan,
) => ({
  model_id,
  name,
  description,
  licence,
  languages: [...languages],
  voices: voices.map((voice) => ({ ...voice })),
  source: shown,
  checked,
})

type Fetched = Readonly<{ plan: FetchPlan; ingredients: Ingredient[] }>

async function fetchFromAny(model: CuratedModel, incoming: string, options: GetOptions): Promise<Fetched> {
  const failures: StudioError[] = []
  for (const source of options.sources) {
    try {
      const plan = await source.plan(model, options.signal)
      if (plan) return { plan, ingredients: await fetchAll(model, plan, incoming, options) }
      failures.push(notThere(model, source))
    } catch (cause) {
      options.signal.throwIfAborted()
      if (!(cause instanceof StudioError) || cause.hint === NO_ROOM) throw cause
      failures.push(cause)
    }
  }
  throw noSource(model, failures)
}

async function fetchAll(model: CuratedModel, plan: FetchPlan, incoming: string, options: GetOptions): Promise<Ingredient[]> {
  await requireSpace(model, plan, incoming, options)
  const pathOf = ({ wanted }: PlannedFile) => join(incoming, partialName(wanted))
  let before = 0
  // The small ones first: when a source has another version, that shows before the large one came.
  for (const file of plan.files.toSorted((a, b) => a.wanted.bytes - b.wanted.bytes)) {
    await fetchFile(file, pathOf(file), { plan, before, options })
    before += file.wanted.bytes
  }
  return plan.files.map((file) => ({
    path: pathOf(file),
    name: file.wanted.name,
    ...(file.entries && { entries: file.entries }),
  }))
}

type Part = Readonly<{ plan: FetchPlan; before: number; options: GetOptions }>

async function fetchFile({ wanted, source }: PlannedFile, path: string, { plan, before, options }: Part): Promise<void> {
  const { signal, progress, patience, stallMs } = options
  const total_bytes = plannedBytes(plan)
  let told = -Infinity
  const onBytes = (bytes: number) => {
    const whole = bytes === wanted.bytes
    if (!whole && bytes - told < total_bytes / 200) return
    told = bytes
    const phase = whole ? 'verifying' : 'downloading'
    progress({ phase, item: wanted.name, source: plan.shown, done_bytes: before + bytes, total_bytes })
  }
  const retries = { ...(patience && { patience }), ...(stallMs !== undefined && { stallMs }) }
  await download(source, wanted, path, { signal, onBytes, ...retries })
}

const SPARE = 64_000_000
const NO_ROOM = 'Free some space, or choose another models folder in Settings.'

/** What is still to come, and while it is made ready its parts and the result beside it. */
async function requireSpace(model: CuratedModel, plan: FetchPlan, incoming: string, options: GetOptions): Promise<void> {
  const sizes = await Promise.all(
    plan.files.map(async ({ wanted }) => (await stat(join(incoming, partialName(wanted))).catch(() => undefined))?.size ?? 0),
  )
  const here = sizes.reduce((sum, size) => sum + size, 0)
  const unpacked = model.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const archives = plan.files.some(({ entries }) => entries)
  const making = (archives ? unpacked : 0) + (model.make === 'copy' ? 0 : model.disk_bytes)
  const needed = Math.max(0, plannedBytes(plan) - here) + making + SPARE
  const free = await options.freeDiskBytes(incoming)
  if (free >= needed) return
  throw new StudioError(
    'unavailable',
    `"${model.name}" needs ${megabytes(needed)} of disk while it is made ready, and ${megabytes(free)} are free in ${options.models_dir}`,
    NO_ROOM,
  )
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`

const notThere = ({ name }: CuratedModel, { shown }: ModelSource) =>
  new StudioError('not_found', `${shown} does not have "${name}"`, 'Name the folder or address that holds its files.')

/** The most telling failure first: what came and was wrong, then what could not be reached, then what did not have it. */
function noSource(model: CuratedModel, failures: readonly StudioError[]): StudioError {
  const weight = ({ code }: StudioError) => ['provider_failed', 'unavailable'].indexOf(code) + 1 || 3
  const worst = failures.toSorted((a, b) => weight(a) - weight(b))[0]
  if (!worst)
    return new StudioError(
      'unavailable',
      `There is no place to fetch "${model.name}" from`,
      'Name a folder or an address that holds its files.',
    )
  const others = failures.filter((failure) => failure !== worst).map(({ message }) => message)
  const message = [worst.message, ...others].join('; ')
  return new StudioError(worst.code, `"${model.name}" could not be fetched: ${message}`, worst.hint, [], { cause: worst })
}
