/**
 * Files of a model hub (Hugging Face’s API, which company mirrors speak too): `/api/models/REPO/tree/REVISION/FOLDER` tells names, sizes
 * and hashes, `/REPO/resolve/REVISION/PATH` gives the bytes, mostly by a redirect. Threat: what the hub says is believed for files that we
 * have no SHA-256 of; for the others its word is compared with ours before anything is fetched.
 */
import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import type { CuratedFile, CuratedModel, HubFile } from '../../../core/local-models/curated-model.ts'
import type { FetchPlan, PlannedFile } from './fetch-plan.ts'
import { overHttp } from '../../fetching/file-source.ts'
import { Refused, below, linkFrom, request, shown } from '../../fetching/http-endpoint.ts'
import type { Endpoint } from '../../fetching/http-endpoint.ts'

const Entry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int(),
  oid: z.string(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int() }).optional(),
})
type Entry = z.infer<typeof Entry>
const Tree = z.array(Entry)

const MOST_PAGES = 50

/** Undefined: the hub does not have the model, or this is no hub. Throws when what it has is not what was pinned. */
export async function planFromHub(hub: Endpoint, model: CuratedModel, signal: AbortSignal): Promise<FetchPlan | undefined> {
  if (model.files.length === 0) return undefined
  const trees = new Map<string, Promise<readonly Entry[] | undefined>>()
  const listed = (file: HubFile) => {
    const key = `${file.repo} ${file.revision} ${folderOf(file)}`
    const known = trees.get(key) ?? listFolder(hub, file, signal)
    trees.set(key, known)
    return known
  }
  const files: PlannedFile[] = []
  for (const file of model.files) {
    if (!file.hub) return undefined
    const entry = (await listed(file.hub))?.find(({ type, path }) => type === 'file' && matches(path, file.hub?.path ?? ''))
    if (!entry) return undefined
    files.push(planned(hub, file, file.hub, entry))
  }
  const checked = model.files.every(({ sha256 }) => sha256 !== undefined) ? 'pinned' : 'stated'
  return { shown: `${hub.url.host}/${model.files[0]?.hub?.repo ?? ''}`, checked, files }
}

function planned(hub: Endpoint, { name, sha256 }: CuratedFile, { repo, revision }: HubFile, entry: Entry): PlannedFile {
  if (sha256 !== undefined && entry.lfs && entry.lfs.oid !== sha256) throw changed(hub, repo, entry.path)
  const stated = entry.lfs ? { sha256: entry.lfs.oid } : { git_sha1: entry.oid }
  return {
    wanted: { name, bytes: entry.lfs?.size ?? entry.size, ...(sha256 === undefined ? stated : { sha256 }) },
    source: overHttp(below(hub, `${repo}/resolve/${revision}/${entry.path}`)),
  }
}

const folderOf = ({ path }: HubFile) => path.split('/').slice(0, -1).join('/')

/** One `*` stands for anything within a name. */
function matches(path: string, pattern: string): boolean {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return path === pattern
  const middle = path.slice(before.length, path.length - after.length)
  const isInt8 = path.includes('int8') && !pattern.includes('int8')
  return (
    path.startsWith(before) &&
    path.endsWith(after) &&
    path.length > before.length + after.length &&
    !middle.includes('/') &&
    !isInt8
  )
}

async function listFolder(hub: Endpoint, file: HubFile, signal: AbortSignal): Promise<readonly Entry[] | undefined> {
  const folder = folderOf(file)
  let page: Endpoint | undefined = below(hub, `api/models/${file.repo}/tree/${file.revision}${folder === '' ? '' : `/${folder}`}`)
  const entries: Entry[] = []
  for (let pages = 0; page && pages < MOST_PAGES; pages++) {
    const response = await answered(page, signal)
    if (!response) return undefined
    const tree = Tree.safeParse(await response.json().catch(() => undefined))
    if (!tree.success) return undefined
    entries.push(...tree.data)
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    page = next === undefined ? undefined : linkFrom(page, next)
  }
  return entries
}

/** Undefined: this is no hub, or it has no such model. */
async function answered(page: Endpoint, signal: AbortSignal): Promise<Response | undefined> {
  try {
    return await request(page, signal)
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause
    if (cause.status !== 401 && cause.status !== 403) return undefined
    throw new StudioError(
      'unavailable',
      `${shown(page.url)} asks for a login: the model may need a licence to be accepted there`,
      'Fetch it in a browser, and take it in with Import.',
    )
  }
}

const changed = (hub: Endpoint, repo: string, path: string) =>
  new StudioError(
    'provider_failed',
    `${hub.url.host} has another ${path} in ${repo} than the one that was tried here (its SHA-256 differs)`,
    'Name another source, or update Greenroom.',
  )
