import { Semver } from '../contract/agents.ts'

/**
 * Threat: a bundle comes from a stranger. A path that leaves the folder, names a device, or hides behind another spelling could overwrite
 * something else when it is unpacked. So only the paths that a bundle may have are let through; the rest of this file is for saying why not.
 */
const HEAD_FILES = ['agent.json', 'prompt.md']
const VERSION_FILES = ['agent.json', 'prompt.md', 'version.json']

/** Why `path` may not be in a bundle, or undefined when it may. */
export function bundlePathProblem(path: string): string | undefined {
  return unsafePathProblem(path) ?? (isBundlePath(path) ? undefined : 'is not a file that a bundle has')
}

function isBundlePath(path: string): boolean {
  if (path === 'manifest.json' || HEAD_FILES.includes(path)) return true
  const [folder, version, file, ...rest] = path.split('/')
  return folder === 'versions' && rest.length === 0 && isVersionFolder(version ?? '') && VERSION_FILES.includes(file ?? '')
}

/** A version whose name is also a good folder name everywhere: Windows drops a trailing dot. */
export const isVersionFolder = (version: string): boolean => Semver.safeParse(version).success && !version.endsWith('.')

function unsafePathProblem(path: string): string | undefined {
  if (path === '') return 'has no name'
  if (path.length > 240) return 'is too long'
  if (path.includes('\\')) return 'has a backslash in its path'
  if (path.startsWith('/')) return 'is an absolute path'
  if (/^[A-Za-z]:/.test(path)) return 'names a drive'
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'has a control character in its path'
  const parts = path.split('/')
  if (parts.includes('..') || parts.includes('.')) return 'leads out of the folder with ".." or "."'
  if (parts.some((part) => part === '__proto__' || part === 'constructor' || part === 'prototype'))
    return 'has a reserved name in its path'
  return undefined
}
