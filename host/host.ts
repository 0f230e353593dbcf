import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { v7 } from 'uuid'
import { LOCAL_TENANT, LOCAL_USER } from '../core/contract/caller.ts'
import { StudioError } from '../core/contract/errors.ts'
import { ConnectionId } from '../core/contract/connections.ts'
import { SessionId } from '../core/contract/ids.ts'
import { readWorkerFilter } from '../core/routing/worker-filter.ts'
import type { TenantScope } from '../core/store/scope.ts'
import type { Store } from '../core/store/store.ts'
import { agentHandlers } from './agents/agent-handlers.ts'
import { addSamples, purgeDeletedAgents } from './agents/first-start.ts'
import { samplesFolder } from './agents/read-samples.ts'
import { bundleHandlers } from './bundles/bundle-handlers.ts'
import { createCheckConnection } from './connections/check/check-connection.ts'
import { tryMediaInProcess } from './connections/check/media-step.ts'
import { connectionHandlers } from './connections/connection-handlers.ts'
import { createConnections } from './connections/connections.ts'
import { createInvites } from './connections/invite/invite-handlers.ts'
import { createLocalServer } from './connections/local/local-server.ts'
import { createDispatch } from './dispatch.ts'
import { createEvents } from './events.ts'
import type { Handlers } from './handler.ts'
import { createFileExchange } from './http/file-exchange.ts'
import { rendererFolder } from './http/renderer-folder.ts'
import type { ServedHost } from './http/served-host.ts'
import { createJobs } from './jobs.ts'
import { installedModels } from './models/installed-models.ts'
import { modelHandlers } from './models/model-handlers.ts'
import { productVersion } from './product-version.ts'
import { providerHandlers } from './providers/provider-handlers.ts'
import { privateName } from './rooms/private-name.ts'
import { roomHandlers } from './rooms/room-handlers.ts'
import { createRooms } from './rooms/rooms.ts'
import { toolHandlers } from './tools/tool-handlers.ts'
import { createRouting } from './routing/routing.ts'
import { routingHandlers } from './routing/routing-handlers.ts'
import { createOfflineSwitch } from './runtime/offline-switch.ts'
import { createRuntime } from './runtime/runtime.ts'
import { sessionHandlers } from './sessions/session-handlers.ts'
import { createSessions } from './sessions/sessions.ts'
import { secretHandlers } from './secrets/secret-handlers.ts'
import { createSecrets } from './secrets/secrets.ts'
import { readSettings, settingHandlers } from './settings/setting-handlers.ts'
import { backUp } from './stores/sqlite/backup.ts'
import { createCallStore } from './stores/sqlite/calls-store.ts'
import { lockFolder } from './stores/sqlite/folder-lock.ts'
import { sqliteVersion } from './stores/sqlite/open-database.ts'
import { openDatabases } from './stores/sqlite/open-databases.ts'
import { createStudioStore } from './stores/sqlite/studio-store.ts'

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
  log?: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
}>

/** The product as a library: everything that a transport needs, and nothing of it. */
export type Host = ServedHost &
  Readonly<{
    /** What can wait until the studio is up: a session process for the next call, and a backup. */
    afterStart: () => void
    /** Ends everything that the host started; nothing is left running, and the data folder is free. */
    close: () => Promise<void>
  }>

const LOCAL = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }

/** Throws `conflict` while another process holds the data folder. */
export async function createHost(options: HostOptions): Promise<Host> {
  mkdirSync(options.data_dir, { recursive: true, mode: 0o700 })
  const lock = lockFolder(options.data_dir)
  if (!lock) throw folderTaken(options.data_dir)
  const opened: Closing[] = [async () => lock.release()]
  try {
    return await compose(options, opened)
  } catch (cause) {
    await closeAll(opened)
    throw cause
  }
}

type Closing = () => Promise<void>

/** In the opposite order of opening; each one gets its turn, whatever the others do. */
async function closeAll(opened: Closing[]): Promise<void> {
  const close = opened.pop()
  if (!close) return
  try {
    await close()
  } finally {
    await closeAll(opened)
  }
}

/** The one place where the parts meet. What is opened is added to `opened`. */
async function compose(options: HostOptions, opened: Closing[]): Promise<Host> {
  const { data_dir, log = pino({ level: 'silent' }), clock = Date.now } = options
  const databases = openDatabases(data_dir, clock)
  opened.push(async () => databases.close())
  for (const recovery of databases.recoveries) log.error(recovery, 'a damaged database was set aside and recovered')
  const store = createStudioStore(databases.studio, clock)
  const calls = createCallStore(databases.calls)
  const files = await createFileExchange(join(data_dir, 'transfer'), clock)
  opened.push(files.close)
  const { emit, onEvent } = createEvents()
  const jobs = createJobs()
  const secrets = createSecrets({ data_dir, log, clock })
  let settings = await readSettings(store, LOCAL)
  const modelsDir = () => options.models_dir ?? settings.models_dir ?? join(data_dir, 'models')

  const offline = createOfflineSwitch(settings.offline)
  const runtime = createRuntime({
    log,
    offline,
    sessionsPerProcess: () => options.sessions_per_process ?? settings.sessions_per_process,
    onChange: () => emit({ type: 'processes.changed' }),
    cacheDir: join(data_dir, 'cache'),
  })
  opened.push(() => runtime.close())
  const asking = {
    runtime,
    resolveSecrets: secrets.resolve,
    localModels: () => ({ dir: modelsDir(), models: installedModels(modelsDir()) }),
    offline: () => settings.offline,
  }
  const local = createLocalServer({
    folder: join(data_dir, 'livekit'),
    log,
    offline: offline.isOn,
    onChange: () => {
      connections.changed()
      emit({ type: 'connection.changed' })
    },
  })
  opened.push(local.close)
  const connections = createConnections({ store, resolveSecrets: secrets.resolve, local })
  const host_id = v7()
  const max_sessions = mostSessions(process.env['GREENROOM_MAX_SESSIONS'])
  const private_name = privateName(data_dir)
  const routing = createRouting({
    store,
    private_name: () => private_name,
    default_agent_id: process.env['GREENROOM_DEFAULT_AGENT'],
    clock,
  })
  const rooms = createRooms({
    scope: LOCAL,
    private_name,
    connections,
    router: routing,
    filter: readWorkerFilter(process.env),
    max_sessions,
    startWorker: runtime.worker,
    calls: () => sessions.inRooms,
    onWorkerChange: () => emit({ type: 'connection.changed' }),
    log,
  })
  opened.push(async () => rooms.close())
  const sessions = createSessions({
    ...asking,
    calls,
    owner: host_id,
    seats: rooms.seats,
    onCount: rooms.onCount,
    max_sessions,
    log,
    emit,
    head: (scope, agent_id) => callableHead(store, scope, agent_id),
    ownPrices: store.providers.prices,
  })
  opened.push(() => sessions.close())
  const invites = createInvites({
    connections,
    local,
    summary: sessions.summary,
    renderer_dir: options.renderer_dir ?? rendererFolder(),
    log,
    now: clock,
  })
  opened.push(invites.close)
  onEvent((event) => {
    invites.onStudioEvent(event)
    if (event.type === 'setting.changed') {
      settings = event.settings
      offline.set(settings.offline)
    }
    if (event.type === 'secret.changed') connections.changed()
    routing.onStudioEvent(event)
    sessions.onStudioEvent(event)
    rooms.onStudioEvent(event)
  })

  const system = {
    version: productVersion(),
    data_dir,
    sqlite_version: sqliteVersion(databases.studio),
    node_version: process.versions.node,
    platform: process.platform,
    recoveries: [...databases.recoveries],
  }
  const samples_dir = options.samples_dir ?? samplesFolder()
  const handlers: Handlers = {
    ...agentHandlers({ store, emit, samples_dir }),
    ...bundleHandlers({ store, emit, files, version: system.version, now: clock }),
    ...modelHandlers({
      modelsDir,
      log,
      emit,
      runtime,
      sources: () => settings.model_sources,
      offline: offline.isOn,
      isInUse: ({ kind, model_id }) =>
        sessions.usedModels().some((used) => used === `${kind}:` || used === `${kind}:${model_id}`),
    }),
    ...providerHandlers({ ...asking, store, emit, clock }),
    ...secretHandlers(secrets, emit),
    ...toolHandlers({ ...asking, store }),
    ...sessionHandlers(sessions),
    ...roomHandlers({
      connections,
      calls: sessions.inRooms,
      summary: sessions.summary,
      joinAsCaller: sessions.joinAsCaller,
      tell: async (scope, session_id, message) => (await sessions.live(scope, session_id)).send(message),
    }),
    ...invites.handlers,
    ...connectionHandlers({
      store,
      emit,
      connections,
      local,
      check: createCheckConnection({ connections, tryMedia: tryMediaInProcess(), now: Date.now }),
      worker: () => rooms.worker.state(),
    }),
    ...routingHandlers({ routing, store, emit }),
    ...settingHandlers({ store, emit, system, processes: () => [...runtime.processes(), ...local.processes()] }),
    'job.cancel': async ({ job_id }) => ({ cancelled: jobs.cancel(job_id) }),
  }

  await purgeDeletedAgents(store, LOCAL, clock())
  if (options.samples_dir !== null) {
    // A damaged installation must not keep somebody from their own agents.
    await addSamples(store, LOCAL, samples_dir).catch((cause: unknown) =>
      log.error({ err: cause }, 'the samples could not be added'),
    )
  }
  await sessions.recover()
  void rooms.begin()
  const ending = new AbortController()
  opened.push(async () => {
    ending.abort()
    jobs.close()
  })

  return {
    host_id,
    dispatch: createDispatch({ handlers, store, emit, jobs, log }),
    onEvent,
    subscribeSession: async (scope, session_id, after, sink) =>
      sessions.subscribe(scope, parseSessionId(session_id), after, sink),
    attachMedia: (scope, session_id, upgrade) => sessions.attachMedia(scope, session_id, upgrade),
    signalUrl: async (scope, connection_id) => connections.signalUrl(scope, parseConnectionId(connection_id)),
    files,
    afterStart: () => {
      sessions.warm()
      const both = { 'studio.db': databases.studio, 'calls.db': databases.calls }
      backUp({ dir: data_dir, databases: both, clock, signal: ending.signal }).catch((cause: unknown) => {
        if (!ending.signal.aborted) log.warn({ err: cause }, 'the backup of the databases failed')
      })
    },
    close: () => closeAll(opened),
  }
}

/** More calls at once than these are refused, and left to other workers. */
const MAX_SESSIONS = 100

function mostSessions(wanted: string | undefined): number {
  if (wanted === undefined || wanted === '') return MAX_SESSIONS
  if (/^[1-9]\d{0,5}$/.test(wanted)) return Number(wanted)
  throw new StudioError(
    'malformed',
    `GREENROOM_MAX_SESSIONS is "${wanted}", which is no number of calls.`,
    'Give a whole number from 1 on, or leave it out for 100.',
  )
}

/** What a call needs of an agent; undefined when it is not there or deleted. */
async function callableHead(store: Store, scope: TenantScope, agent_id: string) {
  const agent = await store.agents.find(scope, agent_id)
  if (!agent || agent.summary.deleted_at !== undefined) return undefined
  return { revision: agent.head.revision, content: agent.head.content, enabled: agent.summary.enabled }
}

function parseConnectionId(text: string): ConnectionId {
  const connection_id = ConnectionId.safeParse(text)
  if (connection_id.success) return connection_id.data
  throw new StudioError('not_found', 'There is no such connection.', 'See Settings → LiveKit.')
}

function parseSessionId(text: string): SessionId {
  const session_id = SessionId.safeParse(text)
  if (session_id.success) return session_id.data
  throw new StudioError('not_found', 'There is no such call.', 'Look in Calls.')
}

const folderTaken = (data_dir: string): StudioError =>
  new StudioError(
    'conflict',
    `Another Greenroom is using ${data_dir}.`,
    'Use that one, close it, or choose another folder with --data.',
  )
