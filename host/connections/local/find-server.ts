import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { childEnvironment } from '../../runtime/child-environment.ts'

export const SERVER_VARIABLE = 'GREENROOM_LIVEKIT_SERVER'

export type FoundServer = Readonly<{ path: string; by: 'variable' | 'path' | 'cache' }>

const PROGRAM = process.platform === 'win32' ? 'livekit-server.exe' : 'livekit-server'

/** The program that the variable names, else the one on PATH, else the one that was fetched (`cached`). */
export function findServer(environment: NodeJS.ProcessEnv, cached: string | undefined): FoundServer | undefined {
  const named = environment[SERVER_VARIABLE]
  if (named && isProgram(named)) return { path: named, by: 'variable' }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.map((folder) => join(folder, PROGRAM)).find(isProgram)
  if (onPath !== undefined) return { path: onPath, by: 'path' }
  return cached !== undefined && isProgram(cached) ? { path: cached, by: 'cache' } : undefined
}

/** A variable that leads nowhere is said, since another program is used instead. */
export function wrongVariable(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment[SERVER_VARIABLE]
  return named && !isProgram(named) ? `${SERVER_VARIABLE} names ${named}, which is no program.` : undefined
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const VERSION_WITHIN_MS = 10_000

/** What the program says it is, e.g. "1.13.5"; undefined when it does not say. */
export const versionOf = (path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const options = { env: childEnvironment(process.env, true), timeout: VERSION_WITHIN_MS, windowsHide: true }
    execFile(path, ['--version'], options, (failure, stdout) => {
      resolve(failure ? undefined : /livekit-server version (\S+)/.exec(stdout)?.[1])
    })
  })
