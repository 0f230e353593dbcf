import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BundleFiles } from '../../core/bundle/bundle-format.ts'
import { bundlePathProblem, isVersionFolder } from '../../core/bundle/bundle-path.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { ZIP_LIMITS } from './read-zip.ts'

/**
 * Threat: a folder from git may hold links. Read, a link would bring a private file into an agent that is then shared; written through,
 * it would overwrite something elsewhere. So links are refused in both directions, and only files that an agent has are touched.
 */

/** The files of an agent in a folder, without whatever else lies there (tests, a README). */
export async function readFolder(folder: string): Promise<BundleFiles> {
  const files = new Map<string, string>()
  let left: number = ZIP_LIMITS.total_bytes
  for (const path of ['agent.json', 'prompt.md', ...(await versionPaths(folder))]) {
    const text = await readText(join(folder, path), path, left)
    if (text === undefined) continue
    left -= text.length
    files.set(path, text)
  }
  return files
}

/**
 * Writes the files of an agent: each appears whole or not at all, other files stay. Versions that lie there already and were not
 * chosen stay too (they never change). Throws `conflict` when the folder holds another agent.
 */
export async function writeFolder(folder: string, files: BundleFiles, agent_id: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await refuseOtherAgent(folder, agent_id)
  for (const path of files.keys()) await refuseLinks(folder, path)
  for (const [path, text] of files) await writeWhole(join(folder, path), text)
  if (!files.has('prompt.md')) await rm(join(folder, 'prompt.md'), { force: true })
}

async function versionPaths(folder: string): Promise<string[]> {
  if ((await kindOf(join(folder, 'versions'), 'versions')) !== 'folder') return []
  const names = (await readdir(join(folder, 'versions'))).filter(isVersionFolder).sort()
  if (names.length * 3 > ZIP_LIMITS.entries)
    throw new StudioError('too_large', `versions/ holds ${names.length} versions`, 'Import fewer versions at a time.')
  for (const name of names) await kindOf(join(folder, 'versions', name), `versions/${name}`)
  return names.flatMap((name) => ['agent.json', 'prompt.md', 'version.json'].map((file) => `versions/${name}/${file}`))
}

/** Throws when `path` is a link; `path` is how it is called in messages. */
async function kindOf(full: string, path: string): Promise<'folder' | 'file' | 'nothing'> {
  const found = await lstat(full).catch(absent)
  if (!found) return 'nothing'
  if (found.isSymbolicLink())
    throw new StudioError('malformed', `${path} is a link`, 'Replace it by the file itself: links are not followed.')
  if (found.isDirectory()) return 'folder'
  if (found.isFile()) return 'file'
  throw new StudioError('malformed', `${path} is neither a file nor a folder`, 'Remove it.')
}

async function readText(full: string, path: string, left: number): Promise<string | undefined> {
  if ((await kindOf(full, path)) !== 'file') return undefined
  const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await file.stat()
    if (size > Math.min(ZIP_LIMITS.file_bytes, left))
      throw new StudioError('too_large', `${path} has ${size} bytes`, 'That is more than an agent holds; nothing was imported.')
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.readFile())
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new StudioError('malformed', `${path} is not UTF-8 text`, 'Save it as UTF-8.', [], { cause })
  } finally {
    await file.close()
  }
}

async function refuseOtherAgent(folder: string, agent_id: string): Promise<void> {
  const text = await readText(join(folder, 'agent.json'), 'agent.json', ZIP_LIMITS.file_bytes)
  const there = text === undefined ? undefined : /"agent_id"\s*:\s*"([^"]*)"/.exec(text)?.[1]
  if (there === undefined || there === agent_id) return
  throw new StudioError(
    'conflict',
    `${folder} holds another agent, "${there}"`,
    'Choose another folder, or remove that agent first.',
  )
}

async function refuseLinks(folder: string, path: string): Promise<void> {
  const problem = bundlePathProblem(path)
  if (problem) throw new StudioError('malformed', `${path} ${problem}`, 'Publish under another version name.')
  const parts = path.split('/')
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length)
    await kindOf(join(folder, ...part), part.join('/'))
  }
}

/** Writes beside, makes it durable, then takes the place: a crash leaves the old file or the new one. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(beside, 'wx')
  try {
    await file.writeFile(data)
    await file.sync()
    await file.close()
    await rename(beside, path)
  } catch (cause) {
    await file.close()
    await rm(beside, { force: true })
    throw cause
  }
}

function absent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return undefined
  throw cause
}
