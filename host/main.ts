import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { StudioError } from '../core/contract/errors.ts'
import { dataFolder } from './data-folder.ts'
import { createHostLog } from './host-log.ts'
import { askRunningHost } from './http/run-file.ts'
import { guardNetwork } from './runtime/network-guard.ts'
import { serveStudio, type RunningStudio } from './serve-studio.ts'
import { connectShell, type Shell } from './shell.ts'

/** How long another host may take to start or end before its folder counts as held for good. */
const PATIENCE_MS = 20_000
const ASK_EVERY_MS = 250
/** How long closing may take. Longer than the calls and processes are given to end in order; without a shell nobody waits for that. */
const CLOSE_MS = 12_000
const CLOSE_ALONE_MS = 1_200
/** The data folder cannot be used as it is. */
const FOLDER_FAILURES = /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOSPC|SQLITE_(CANTOPEN|READONLY|FULL|IOERR))/

/** The studio as a process of its own: for the Electron shell over IPC, otherwise for a person at a terminal. */
async function main(): Promise<void> {
  guardNetwork(false)
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      models: { type: 'string' },
      'sessions-per-process': { type: 'string' },
      'no-open': { type: 'boolean' },
    },
  })
  const data_dir = dataFolder(values.data)
  const shell = connectShell()
  const end = endWith(shell)
  try {
    const log = createHostLog(data_dir, 'file and stderr')
    process.on('uncaughtExceptionMonitor', (cause) => log.fatal({ err: cause }, 'the host crashed'))
    const studio = await startOrFind({
      ...{ data_dir, log, port: readPort(values.port), models_dir: values.models },
      sessions_per_process: readSessions(values['sessions-per-process']),
    })
    if (typeof studio === 'string') return shell.elsewhere(studio)
    end.closes(studio)
    shell.ready(studio)
  } catch (cause) {
    shell.failed(cause instanceof StudioError ? cause : unexpected(cause))
  }
}

type StartOptions = Readonly<{
  data_dir: string
  log: Logger
  port: number | undefined
  models_dir: string | undefined
  sessions_per_process: number | undefined
}>

/** Starts the studio, or gives the login address of the one that runs on this folder; waits while another one is on its way up or down. */
async function startOrFind({
  data_dir,
  log,
  port,
  models_dir,
  sessions_per_process,
}: StartOptions): Promise<RunningStudio | string> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  for (;;) {
    try {
      return await serveStudio({
        data_dir,
        log,
        ...(port !== undefined && { port }),
        ...(models_dir !== undefined && { models_dir }),
        ...(sessions_per_process !== undefined && { sessions_per_process }),
      })
    } catch (cause) {
      if (!(cause instanceof StudioError && cause.code === 'conflict')) throw cause
      const url = await askRunningHost(data_dir)
      if (url !== undefined) return url
      if (patience.aborted) throw cause
      await pause(ASK_EVERY_MS)
    }
  }
}

/**
 * However the end comes, the host closes everything once, and then leaves; also when that takes too long, because children end with it in
 * any case. What is still starting has nothing to close.
 */
function endWith(shell: Shell): Readonly<{ closes: (studio: RunningStudio) => void }> {
  let studio: RunningStudio | undefined
  let isEnding = false
  const leave = () => process.exit(0)
  const end = (within_ms: number) => {
    if (!studio) return leave()
    setTimeout(leave, within_ms)
    if (isEnding) return
    isEnding = true
    void studio.close().finally(leave)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(CLOSE_MS))
  shell.onEnd({ asked: () => end(CLOSE_MS), gone: () => end(CLOSE_ALONE_MS) })
  return { closes: (running) => (studio = running) }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new StudioError('malformed', `"${text}" is not a port.`, 'Give a number from 1 to 65535, or leave --port out.')
}

function readSessions(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^([1-9]|[1-4]\d|50)$/.test(text)) return Number(text)
  throw new StudioError(
    'malformed',
    `"${text}" is no number of calls for one process.`,
    'Give --sessions-per-process a number from 1 (each call has a process of its own) to 50.',
  )
}

/** What the person can mend about the folder, or a bug. */
function unexpected(cause: unknown): StudioError {
  const message = `Greenroom could not start: ${cause instanceof Error ? cause.message : String(cause)}`
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && FOLDER_FAILURES.test(cause.code)) {
    return new StudioError(
      'unavailable',
      message,
      'Choose a folder that you may write to with --data, or make room on its disk.',
      [],
      { cause },
    )
  }
  return new StudioError('internal', message, 'The log in the data folder may say more.', [], { cause })
}

await main()
