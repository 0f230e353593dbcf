import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { BundleFile } from '../contract/bundles.ts'
import { StudioError, toProblems, type Problem } from '../contract/errors.ts'
import type { JsonObject } from '../json.ts'
import { BUNDLE_FORMAT, Manifest, type BundleFiles } from './bundle-format.ts'
import { bundlePathProblem } from './bundle-path.ts'
import { jsonText } from './file-map.ts'

export const MANIFEST_PATH = 'manifest.json'

/** What the files are, in their order. */
export const listFiles = (files: BundleFiles): BundleFile[] =>
  [...files].map(([path, text]) => {
    const bytes = utf8ToBytes(text)
    return { path, size: bytes.length, sha256: bytesToHex(sha256(bytes)) }
  })

/** The files with the manifest that vouches for them in front. */
export function withManifest(files: BundleFiles, agent_id: string, created_by: string): BundleFiles {
  const listed: [string, JsonObject][] = listFiles(files).map(({ path, size, sha256: hash }) => [path, { size, sha256: hash }])
  const manifest = { format: BUNDLE_FORMAT, agent_id, created_by, files: Object.fromEntries(listed) }
  return new Map([[MANIFEST_PATH, jsonText(manifest)], ...files])
}

/**
 * The files that the manifest vouches for, without it. Throws `malformed` when it does not match them exactly (a file missing, one too
 * many, another size or hash), `unsupported` when a newer Greenroom wrote it.
 */
export function checkManifest(all: BundleFiles): Readonly<{ files: BundleFiles; manifest: Manifest }> {
  const manifest = readManifest(all.get(MANIFEST_PATH))
  const files = new Map([...all].filter(([path]) => path !== MANIFEST_PATH))
  const problems = mismatches(manifest, files)
  if (problems.length === 0) return { files, manifest }
  const [first] = problems
  throw new StudioError(
    'malformed',
    `This bundle is damaged or was altered: ${first?.path ?? ''} ${first?.message ?? ''}`,
    'Export it again; use the folder form for files that are edited by hand.',
    problems,
  )
}

function readManifest(text: string | undefined): Manifest {
  if (text === undefined)
    throw new StudioError(
      'malformed',
      'This is not a Greenroom bundle: it has no manifest.json',
      'Choose a .greenroom file that Greenroom has exported.',
    )
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new StudioError('malformed', 'The manifest of this bundle is not JSON', 'The file is damaged; export it again.', [], {
      cause,
    })
  }
  if (
    typeof json === 'object' &&
    json !== null &&
    'format' in json &&
    typeof json.format === 'number' &&
    json.format > BUNDLE_FORMAT
  ) {
    throw new StudioError(
      'unsupported',
      `This bundle has format ${json.format}; this Greenroom reads up to ${BUNDLE_FORMAT}`,
      'Update Greenroom, then import it again.',
    )
  }
  const parsed = Manifest.safeParse(json)
  if (parsed.success) return parsed.data
  const problems = toProblems(parsed.error).map(({ path, message }) => ({ path: `${MANIFEST_PATH}#${path}`, message }))
  throw new StudioError('malformed', 'The manifest of this bundle is broken', 'The file is damaged; export it again.', problems)
}

function mismatches(manifest: Manifest, files: BundleFiles): Problem[] {
  const found = new Map(listFiles(files).map((file) => [file.path, file]))
  const missing = Object.keys(manifest.files)
    .filter((path) => !found.has(path))
    .map((path) => ({ path, message: bundlePathProblem(path) ?? 'is in the manifest, but not in the bundle' }))
  const altered = [...found.values()].flatMap(({ path, size, sha256: hash }) => {
    const promised = Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined
    if (!promised) return { path, message: 'is in the bundle, but not in the manifest' }
    if (promised.size !== size) return { path, message: `has ${size} bytes, the manifest says ${promised.size}` }
    return promised.sha256 === hash ? [] : { path, message: 'does not have the SHA-256 that the manifest says' }
  })
  return [...missing, ...altered]
}
