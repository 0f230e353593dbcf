import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { v7 } from 'uuid'
import { DEFAULT_TENANT, DEFAULT_USER, LOCAL_TENANT, LOCAL_USER } from '../core/contract/caller.ts'
import type { StoreHealth } from '../core/store/stores.ts'
import { ensureOwnTenant, makeFirstKey } from './access/first-access.ts'
import { addDevelopmentAgent } from './agents/api/add-development-agent.ts'
import type { Base } from './compose/base.ts'
import { cacheStores } from './compose/cache-stores.ts'
import { createClosing, type Closing } from './compose/closing.ts'
import { followChanges } from './compose/follow-changes.ts'
import { followSettings } from './compose/follow-settings.ts'
import { openStoresAt } from './compose/open-stores.ts'
import type { ServerMode } from './compose/server-mode.ts'
import { createRetention } from './compose/retention.ts'
import { wireApi, type ApiListen } from './compose/wire-api.ts'
import { wireCalls } from './compose/wire-calls.ts'
import { wireLibrary } from './compose/wire-library.ts'
import { wireMetrics } from './compose/wire-metrics.ts'
import { wireModels } from './compose/wire-models.ts'
import { apiDeps, wireProduction } from './compose/wire-production.ts'
import { wireReadiness } from './compose/wire-readiness.ts'
import { wireRuntime } from './compose/wire-runtime.ts'
import { wireSecrets } from './compose/wire-secrets.ts'
import { wireWebhooks } from './compose/wire-webhooks.ts'
import { createDispatch } from './dispatch.ts'
import { createExtensionBook, readExtensionsFolder } from './extensions/extension-book.ts'
import { createEvents } from './events.ts'
import type { Handlers } from './handler.ts'
import type { RunningApi } from './http/api/start-api.ts'
import { createFileExchange } from './http/file-exchange.ts'
import type { Readiness } from './http/health-server.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import { rendererFolder } from './http/renderer-folder.ts'
import type { ServedHost } from './http/served-host.ts'
import { createJobs } from './jobs.ts'
import { productVersion } from './product-version.ts'
import { settingHandlers } from './settings/setting-handlers.ts'

export type HostOptions = Readonly<{
  data_dir: string
  /** Folder of the built-in models, above the setting. */
  models_dir?: string
  /** How many calls share a process, above the setting; 1: none do. */
  sessions_per_process?: number
  /** Folder of the sample agents; absent: the ones that ship. `null`: an empty library stays empty. */
  samples_dir?: string | null
  /** The built page, of which guests get a part; absent: the one that ships. */
  renderer_dir?: string
  /** Many tenants and no page; absent: the studio of one person. */
  server?: ServerMode
  log?: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
}>

/** The product as a library: everything that a transport needs, and nothing of it. */
export type Host = ServedHost &
  Readonly<{
    /** What can wait until the studio is up: a session process for the next call, and a backup. */
    afterStart: () => void
    /** Of a server that has no key yet: its value, told once; undefined on one that has. */
    makeFirstKey: () => Promise<string | undefined>
    storeHealth: () => Promise<StoreHealth>
    /** The production API of this host; whoever opens it closes it. Rejects with `unavailable` when a port is taken. */
    startApi: (listen: ApiListen) => Promise<RunningApi>
    metrics: Metrics
    /** Whether work may be sent to this host, and how its parts are. */
    readiness: () => Promise<Readiness>
    /** No new calls from now on; resolves when those that run are over, or at once when `signal` says so. */
    drain: (signal: AbortSignal) => Promise<void>
    /** Ends everything that the host started; nothing is left running, and the data folder is free. */
    close: () => Promise<void>
  }>

/** Throws `conflict` while another process holds the data folder, and `unavailable` while a shared store cannot be reached. */
export async function createHost(options: HostOptions): Promise<Host> {
  const closing = createClosing()
  try {
    return await compose(options, closing)
  } catch (cause) {
    await closing.close()
    throw cause
  }
}

/** The one place where the parts meet. What is opened is added to `closing`. */
async function compose(options: HostOptions, closing: Closing): Promise<Host> {
  const { data_dir, server, log = pino({ level: 'silent' }), clock = Date.now } = options
  const host_id = v7()
  const version = productVersion()

  mkdirSync(data_dir, { recursive: true, mode: 0o700 })
  const kept = await openStoresAt(server?.store_url, { data_dir, log, clock, closing })
  const cached = server && (await cacheStores(kept, { log, clock, closing }))
  const opened = cached ?? kept
  const { facts, store } = opened
  const files = await createFileExchange(join(data_dir, 'transfer'), clock)
  closing.add(files.close)
  const own = server ? { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER } : { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }
  const secrets = wireSecrets({ data_dir, store, log, clock, server })
  const extensions_dir = readExtensionsFolder(process.env)
  const extensions = createExtensionBook({ folder: extensions_dir, log })
  const base: Base = {
    ...{ data_dir, host_id, own, store, secrets, secretsFor: (scope) => secrets.of(scope).resolve, log, clock, closing },
    ...(server && { server }),
    extensions,
    ...createEvents(),
  }
  const { emit, onEvent } = base
  const webhooks = wireWebhooks(base, opened.calls)
  const stores = { ...opened, store, calls: webhooks.calls }

  const settings = await followSettings(base, options)
  const asking = wireRuntime(base, settings, options)
  const renderer_dir = options.renderer_dir ?? rendererFolder()
  const metrics = createMetrics()
  const { sessions, ...inCalls } = wireCalls(base, { stores, settings, asking, renderer_dir, metrics })
  const library = wireLibrary(base, { files, version, samples_dir: options.samples_dir })
  const system = { version, data_dir, node_version: process.versions.node, platform: process.platform, ...facts }
  const processes = () => [...asking.runtime.processes(), ...inCalls.processes()]
  const jobs = createJobs()
  const handlers: Handlers = {
    ...library.handlers,
    ...wireModels(base, { settings, asking, usedModels: sessions.usedModels }),
    ...inCalls.handlers,
    ...wireProduction({
      base,
      stores,
      kept,
      settings,
      asking,
      sessions,
      ...inCalls.production,
    }),
    ...webhooks.handlers,
    ...settingHandlers({ store, emit, system, processes }),
    'extension.list': async () => extensions.list(),
    'job.cancel': async ({ job_id }) => ({ cancelled: jobs.cancel(job_id) }),
  }

  await library.begin()
  await ensureOwnTenant({ store, clock }, own)
  if (server) await addDevelopmentAgent(apiDeps(base, stores, sessions), own, process.env)
  if (cached) await followChanges({ ...base, onLate: cached.onLate, connectionsChanged: inCalls.production.connections.changed })
  await inCalls.begin()
  webhooks.begin()
  closing.add(jobs.close)

  const dispatch = createDispatch({ handlers, store, emit, jobs, log })
  wireMetrics(base, { metrics, stores, worker: inCalls.worker })
  const { drain, readiness } = wireReadiness({ stores, worker: inCalls.worker, drain: inCalls.drain })

  return {
    host_id,
    dispatch,
    onEvent,
    ...inCalls.served,
    files,
    afterStart: () => {
      // Also where no calls are taken, somebody has to say whether the extensions are right.
      if (server?.worker !== false || extensions_dir !== undefined) inCalls.warm()
      stores.backUp()
      if (server) {
        const { calls, limits } = opened
        createRetention({ base, calls, limits, calls_kept_ms: server.calls_kept_ms }).begin()
      }
    },
    makeFirstKey: () => makeFirstKey({ store, clock }, own),
    storeHealth: stores.health,
    drain,
    readiness,
    metrics,
    startApi: wireApi(base, { stores, dispatch, readiness, metrics, version }),
    close: closing.close,
  }
}
