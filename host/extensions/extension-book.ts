import { existsSync, statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { Logger } from 'pino'
import type { OutputOf } from '../../core/contract/index.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { ExtensionProblem, ExtensionReport } from '../../core/extension/extension-report.ts'

/** What session processes tell of the extensions that they have loaded. */
export type ExtensionBook = Readonly<{
  told: (report: ExtensionReport) => void
  /** Those that extensions register. */
  agentTypes: () => readonly string[]
  list: () => OutputOf<'extension.list'>
}>

/** The variable by which session processes know the folder. */
export const EXTENSIONS = 'GREENROOM_EXTENSIONS'

export function createExtensionBook({ folder, log }: Readonly<{ folder: string | undefined; log: Logger }>): ExtensionBook {
  let latest: ExtensionReport | undefined
  const said = new Set<string>()

  /** Each process tells of the same; people read it once. */
  function sayOnce(key: string, say: () => void): void {
    if (said.has(key)) return
    said.add(key)
    say()
  }

  return {
    told(report) {
      latest = report
      for (const { agent_type, file, name } of report.extensions) {
        sayOnce(`${file} ${agent_type}`, () => log.info({ file, agent_type }, `extension "${name}" is loaded`))
      }
      for (const problem of report.problems) {
        sayOnce(JSON.stringify(problem), () =>
          log.error({ hint: problem.hint }, `extension ${placeOf(problem)}: ${problem.message}`),
        )
      }
    },
    agentTypes: () => latest?.extensions.map(({ agent_type }) => agent_type) ?? [],
    list: () => ({
      state: folder === undefined ? 'none' : latest ? 'loaded' : 'loading',
      extensions: [...(latest?.extensions ?? [])],
      problems: [...(latest?.problems ?? [])],
    }),
  }
}

const placeOf = ({ file, line }: ExtensionProblem): string => (line === undefined ? file : `${file}:${line}`)

/** The folder that was asked for, or that the environment names. Throws `malformed` for one that is not there. */
export function readExtensionsFolder(environment: NodeJS.ProcessEnv, asked?: string): string | undefined {
  const named = asked ?? environment[EXTENSIONS]
  if (named === undefined || named === '') return undefined
  const folder = isAbsolute(named) ? named : resolve(named)
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder
  throw new StudioError(
    'malformed',
    `There is no folder of extensions "${named}".`,
    'Give --extensions (or GREENROOM_EXTENSIONS) a folder that is there.',
  )
}
