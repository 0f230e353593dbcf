import type { StudioError } from '../core/contract/errors.ts'
import type { HostToShell, ShellToHost } from '../core/contract/shell.ts'
import type { RunningStudio } from './serve-studio.ts'

/** Whoever started the host: the Electron shell at the other end of IPC, or a person at a terminal. */
export type Shell = Readonly<{
  ready: (studio: RunningStudio) => void
  /** Another host has the folder: `url` logs a browser in there. */
  elsewhere: (url: string) => void
  failed: (error: StudioError) => void
  /** Asked to stop; or the shell itself is gone. */
  onEnd: (end: Readonly<{ asked: () => void; gone: () => void }>) => void
}>

export const connectShell = (): Shell => (process.send ? electronShell() : terminalShell())

function electronShell(): Shell {
  // A shell that is gone cannot be told; `disconnect` ends the host then.
  const tell = (message: HostToShell, sent: () => void = () => undefined) => process.send?.(message, undefined, undefined, sent)
  return {
    ready: (studio) => {
      process.on('message', (message: ShellToHost) => answer(message, studio, tell))
      tell({ type: 'ready', origin: studio.origin, url: studio.loginUrl() })
    },
    elsewhere: (url) => tell({ type: 'elsewhere', url }, () => process.exit(0)),
    failed: ({ message, hint }) => tell({ type: 'failed', message, hint }, () => process.exit(1)),
    onEnd: ({ asked, gone }) => {
      process.on('message', (message: ShellToHost) => message.type === 'stop' && asked())
      process.on('disconnect', gone)
      // It may have gone while this process was still loading.
      if (!process.connected) gone()
    },
  }
}

function answer(message: ShellToHost, studio: RunningStudio, tell: (message: HostToShell) => void): void {
  switch (message.type) {
    case 'ticket':
      return tell({ type: 'ready', origin: studio.origin, url: studio.loginUrl() })
    case 'grant':
      return tell({ type: 'grant', request_id: message.request_id, grant: studio.files.grant(message.access, message.path) })
    case 'stop':
      return
  }
}

/** The first line is for people and for scripts alike: the address comes last. */
function terminalShell(): Shell {
  return {
    ready: (studio) => console.log(`Greenroom is running. Open this link, which works once: ${studio.loginUrl()}`),
    elsewhere: (url) => console.log(`Greenroom is running already. Open this link, which works once: ${url}`),
    failed: ({ message, hint }) => {
      console.error(`${message}\n${hint}`)
      process.exitCode = 1
    },
    onEnd: () => undefined,
  }
}
