import { readFile, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { AgentBundle, BundleFiles } from '../../core/bundle/bundle-format.ts'
import { fromFiles } from '../../core/bundle/from-files.ts'
import { checkManifest } from '../../core/bundle/manifest.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { readFolder } from './folder.ts'
import { readZip, ZIP_LIMITS } from './read-zip.ts'

/** The agent in a bundle's bytes. Throws with the reason and every problem when it is hostile, damaged or not a bundle. */
export async function readBundle(bytes: Uint8Array): Promise<AgentBundle> {
  const { files, manifest } = checkManifest(await readZip(bytes))
  const bundle = agentIn(files)
  if (bundle.content['agent_id'] === manifest.agent_id) return bundle
  throw new StudioError('malformed', 'The manifest of this bundle names another agent than agent.json does', 'Export it again.')
}

/** The agent at a path: a bundle, a folder, its agent.json, or any JSON file that holds a whole document. */
export async function readPath(path: string): Promise<AgentBundle> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new StudioError(
      'not_found',
      `${path} cannot be read`,
      'Name a .greenroom bundle, a folder with an agent.json, or an agent.json.',
      [],
      { cause },
    )
  })
  if (found.isDirectory()) return agentIn(await readFolder(path))
  if (basename(path) === 'agent.json') return agentIn(await readFolder(dirname(path)))
  if (found.size > ZIP_LIMITS.archive_bytes)
    throw new StudioError(
      'too_large',
      `${path} has ${found.size} bytes`,
      'That is more than a bundle holds; nothing was imported.',
    )
  const bytes = await readFile(path)
  return path.endsWith('.json') ? agentIn(new Map([['agent.json', bytes.toString('utf8')]])) : readBundle(bytes)
}

function agentIn(files: BundleFiles): AgentBundle {
  if (files.size === 0)
    throw new StudioError('not_found', 'There is no agent.json here', 'Name the folder that holds agent.json and prompt.md.')
  const read = fromFiles(files)
  if (read.ok) return read.bundle
  const [first] = read.problems
  const text = first ? `: ${first.path} ${first.message}` : ''
  throw new StudioError(
    'malformed',
    `The files of this agent cannot be read${text}`,
    'Mend what is listed; nothing was changed here.',
    read.problems,
  )
}
