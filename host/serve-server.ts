import { isLoopback } from '../core/providers/index.ts'
import { StudioError } from '../core/contract/errors.ts'
import type { StoreHealth } from '../core/store/stores.ts'
import { readOpenMetrics, type ServerMode } from './compose/server-mode.ts'
import type { ApiListen } from './compose/wire-api.ts'
import { startHealthServer } from './http/health-server.ts'
import { createHost, type HostOptions } from './host.ts'

export type ServerOptions = Pick<HostOptions, 'data_dir' | 'models_dir' | 'sessions_per_process' | 'samples_dir'> &
  Readonly<{
    server: ServerMode
    log: NonNullable<HostOptions['log']>
    /** Where the API listens; absent: a worker, which has none. */
    api?: ApiListen
    /** Where a worker says how it is. */
    health?: Readonly<{ host: string; port: number }>
  }>

export type RunningServer = Readonly<{
  addresses: readonly string[]
  store: StoreHealth
  /** Of a server that had no key: told once, and kept nowhere. */
  first_key?: string
  /** No new calls from now on, and not ready any more; resolves when those that run are over, or when `signal` says so. */
  drain: (signal: AbortSignal) => Promise<void>
  close: () => Promise<void>
}>

/** The server on its store: API, worker, or both. Throws `unavailable` when the store cannot be reached or a port is taken. */
export async function serveServer({ api, health, ...hosted }: ServerOptions): Promise<RunningServer> {
  if (api) requireSafe(api)
  const { log } = hosted
  const host = await createHost({ samples_dir: null, ...hosted })
  try {
    const listening = api
      ? await host.startApi(api)
      : health && (await startHealthServer({ ...health, open_metrics: readOpenMetrics(process.env) }, host))
    const first_key = api && !api.insecure ? await host.makeFirstKey() : undefined
    host.afterStart()
    const addresses = listening?.addresses ?? []
    const store = await host.storeHealth()
    log.info({ addresses, store: store.kind, host_id: host.host_id }, 'the server is up')
    return {
      addresses,
      store,
      ...(first_key !== undefined && { first_key }),
      drain: host.drain,
      close: async () => {
        await listening?.close()
        await host.close()
        log.info('the server has ended')
      },
    }
  } catch (cause) {
    await host.close()
    throw cause
  }
}

/** Without authentication everybody who reaches the port may do everything. */
function requireSafe({ host, insecure }: Readonly<{ host: string; insecure: boolean }>): void {
  if (!insecure || isLoopback(`http://${host.includes(':') ? `[${host}]` : host}`)) return
  throw new StudioError(
    'forbidden',
    `--insecure is for this machine alone, and ${host} can be reached from others.`,
    'Leave --host out, or leave --insecure out and use the API key that is printed at the first start.',
  )
}
