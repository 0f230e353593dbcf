import type { Logger } from 'pino'
import { createHost, type HostOptions } from './host.ts'
import type { FileExchange } from './http/file-exchange.ts'
import { rendererFolder } from './http/renderer-folder.ts'
import { removeRunFile, writeRunFile } from './http/run-file.ts'
import { startServer } from './http/server.ts'

export type ServeOptions = Pick<HostOptions, 'data_dir' | 'models_dir' | 'renderer_dir' | 'sessions_per_process'> &
  Readonly<{ log: Logger; port?: number }>

export type RunningStudio = Readonly<{
  origin: string
  /** An address that logs one browser in, once. */
  loginUrl: () => string
  files: FileExchange
  close: () => Promise<void>
}>

/** Host and server on one data folder, found by others through the run file. Throws `conflict` while another process holds the folder. */
export async function serveStudio(options: ServeOptions): Promise<RunningStudio> {
  const { port, renderer_dir = rendererFolder(), ...hosted } = options
  const { data_dir, log } = hosted
  const host = await createHost({ ...hosted, renderer_dir })
  try {
    const server = await startServer({ host, data_dir, renderer_dir, log, clock: Date.now, ...(port !== undefined && { port }) })
    await writeRunFile(data_dir, { pid: process.pid, origin: server.origin, token: server.token })
    log.info({ origin: server.origin }, 'the studio is up')
    host.afterStart()
    return {
      origin: server.origin,
      loginUrl: server.loginUrl,
      files: host.files,
      close: async () => {
        await removeRunFile(data_dir, server.token)
        await server.close()
        await host.close()
        log.info('the studio has ended')
      },
    }
  } catch (cause) {
    await host.close()
    throw cause
  }
}
