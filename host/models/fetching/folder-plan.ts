import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CuratedFile, CuratedModel } from '../../../core/local-models/curated-model.ts'
import type { FetchPlan, PlannedFile } from './fetch-plan.ts'
import { onDisk } from '../../fetching/file-source.ts'

/** A model's files or packages in a folder that the user named. Undefined: it does not hold them all. */
export async function planFromFolder(folder: string, model: CuratedModel): Promise<FetchPlan | undefined> {
  const files = (await allOf(model.files, (file) => looseFile(folder, model.model_id, file))) ?? (await packages(folder, model))
  if (!files) return undefined
  const checked = files.every(({ wanted }) => wanted.sha256 !== undefined) ? 'pinned' : 'own'
  return { shown: folder, checked, files }
}

const packages = (folder: string, { packages: all = [] }: CuratedModel) =>
  allOf(all, async ({ file, bytes, sha256, entries }): Promise<PlannedFile | undefined> => {
    const path = join(folder, file)
    return (await sizeOf(path)) === undefined
      ? undefined
      : { wanted: { name: file, bytes, sha256 }, source: onDisk(path), entries }
  })

/** In a folder of the model’s name, as a hub’s repository lies on a disk, or by itself where its name or hash leaves no doubt. */
async function looseFile(folder: string, model_id: string, file: CuratedFile): Promise<PlannedFile | undefined> {
  const { name, sha256, hub } = file
  const places = [
    join(model_id, name),
    ...(hub ? [join(hub.repo, hub.path), join(hub.repo.split('/').at(-1) ?? '', hub.path)] : []),
    ...(sha256 !== undefined || name.endsWith('.gguf') || /^[a-z]{2}_[A-Z]{2}-.+\.onnx(\.json)?$/.test(name) ? [name] : []),
  ]
  for (const place of places) {
    const path = await found(join(folder, place))
    const bytes = path === undefined ? undefined : await sizeOf(path)
    if (path === undefined || bytes === undefined) continue
    if (sha256 !== undefined && bytes !== file.bytes) continue
    return { wanted: { name, bytes, ...(sha256 !== undefined && { sha256 }) }, source: onDisk(path) }
  }
  return undefined
}

/** One `*` in the last part stands for anything. */
async function found(path: string): Promise<string | undefined> {
  const [before = '', after] = basename(path).split('*')
  if (after === undefined) return path
  const names = await readdir(dirname(path)).catch(() => [])
  const name = names.find((one) => one.startsWith(before) && one.endsWith(after))
  return name === undefined ? undefined : join(dirname(path), name)
}

async function sizeOf(path: string): Promise<number | undefined> {
  const there = await stat(path).catch(() => undefined)
  return there?.isFile() ? there.size : undefined
}

async function allOf<Item>(
  items: readonly Item[],
  find: (item: Item) => Promise<PlannedFile | undefined>,
): Promise<PlannedFile[] | undefined> {
  if (items.length === 0) return undefined
  const files: PlannedFile[] = []
  for (const item of items) {
    const file = await find(item)
    if (!file) return undefined
    files.push(file)
  }
  return files
}
