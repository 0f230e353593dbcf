import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ExtensionProblem, ExtensionReport } from '../../core/extension/extension-report.ts'
import { findExtensions } from './find-extensions.ts'
import { readExtension, type ReadExtension } from './read-extension.ts'
import { whereIn, type Place } from './where-in.ts'

const CHECK_MS = 5000

export type LoadedExtensions = Readonly<{ report: ExtensionReport; byType: ReadonlyMap<string, ReadExtension> }>

/** Loads what lies in the folder; a module that cannot be used is told, and the others are used. */
export async function loadExtensions(folder: string): Promise<LoadedExtensions> {
  const byType = new Map<string, ReadExtension>()
  const problems: ExtensionProblem[] = []
  for (const file of listed(folder, problems)) {
    try {
      const module: unknown = await import(pathToFileURL(join(folder, file)).href)
      const exported = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
      const read = readExtension(file, exported)
      if (!('loaded' in read)) problems.push(...read.map((one) => ({ file, ...one })))
      else if (byType.has(read.extension.agent_type)) problems.push(twice(file, read, byType))
      else byType.set(read.extension.agent_type, read)
    } catch (cause) {
      problems.push(notLoaded(folder, file, cause))
    }
  }
  return { report: { folder, extensions: [...byType.values()].map(({ loaded }) => loaded), problems }, byType }
}

function listed(folder: string, problems: ExtensionProblem[]): readonly string[] {
  try {
    return findExtensions(folder)
  } catch (cause) {
    const message = `the folder cannot be read (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'})`
    problems.push({ file: folder, message, hint: 'Give --extensions a folder that is there.' })
    return []
  }
}

function twice(file: string, { extension }: ReadExtension, byType: ReadonlyMap<string, ReadExtension>): ExtensionProblem {
  const first = byType.get(extension.agent_type)?.loaded.file ?? ''
  return {
    file,
    message: `its agent_type "${extension.agent_type}" is that of ${first} already`,
    hint: 'Give one of them another agent_type.',
  }
}

function notLoaded(folder: string, file: string, cause: unknown): ExtensionProblem {
  const place = whereIn(folder, cause) ?? (cause instanceof SyntaxError ? syntaxPlace(folder, file) : undefined)
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  const hint = /Cannot find (?:package|module)/.test(said)
    ? 'Install it beside the extension (npm install in its folder), or import a file by its whole name.'
    : /require is not defined|Cannot use import/.test(said)
      ? 'Write it as an ES module: import and export, in a file .mjs or .ts.'
      : 'Mend it, then start again.'
  return {
    file: place?.file ?? file,
    ...(place?.line !== undefined && { line: place.line }),
    message: `it cannot be loaded: ${said.slice(0, 500)}`,
    hint,
  }
}

/** Where a module cannot be read is told by Node to whoever runs it as a program, and not to whoever imports it. */
function syntaxPlace(folder: string, file: string): Place | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', join(folder, file)], { encoding: 'utf8', timeout: CHECK_MS })
  const line = /:(\d+)$/m.exec(stderr.split('\n')[0] ?? '')?.[1]
  return line === undefined ? undefined : { file, line: Number(line) }
}
