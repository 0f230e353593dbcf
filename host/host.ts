import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { v7 } from 'uuid'
import { LOCAL_TENANT, LOCAL_USER } from '../core/contract/caller.ts'
import { StudioError } from '../core/contract/errors.ts'
import { SessionId } from '../core/contract/ids.ts'
import { agentHandlers } from './agents/agent-handlers.ts'
import { addSamples, purgeDeletedAgents } from './agents/first-start.ts'
import { samplesFolder } from './agents/read-samples.ts'
import { bundleHandlers } from './bundles/bundle-handlers.ts'
import { createDispatch } from './dispatch.ts'
import { createEvents } from './events.ts'
import type { Handlers } from './handler.ts'
import { createFileExchange } from './http/file-exchange.ts'
import type { ServedHost } from './http/served-host.ts'
import { createJobs } from './jobs.ts'
import { productVersion } from './product-version.ts'
import { createRuntime } from './runtime/runtime.ts'
import { sessionHandlers } from './sessions/session-handlers.ts'
import { createSessions } from './sessions/sessions.ts'
import { readSettings, settingHandlers } from './settings/setting-handlers.ts'
import { createCallStore } from './stores/sqlite/calls-store.ts'
import { lockFolder } from './stores/sqlite/folder-lock.ts'
import { sqliteVersion } from './stores/sqlite/open-database.ts'
import { openDatabases } from './stores/sqlite/open-databases.ts'
import { createStudioStore } from './stores/sqlite/studio-store.ts'

export type HostOptions = Readonly<{
  data_dir: string
  /** Folder of the built-in models, above the setting. */
  models_dir?: string
  /** Folder of the sample agents; absent: the ones that ship. `null`: an empty library stays empty. */
  samples_dir?: string | null
  log?: Logger
  /** Milliseconds since the epoch. */
  clock?: () => number
}>

/** The product as a library: everything that a transport needs, and nothing of it. */
export type Host = ServedHost &
  Readonly<{
    /** Keeps a session process ready, so that the next call starts at once. */
    warm: () => void
    /** Ends everything that the host started; nothing is left running, and the data folder is free. */
    close: () => Promise<void>
  }>

const LOCAL = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER }

/** Throws `conflict` while another process holds the data folder. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { data_dir, log = pino({ level: 'silent' }), clock = Date.now } = options
  mkdirSync(data_dir, { recursive: true, mode: 0o700 })
  const lock = lockFolder(data_dir)
  if (!lock) throw folderTaken(data_dir)
  const databases = openDatabases(data_dir, clock)
  for (const recovery of databases.recoveries) log.error(recovery, 'a damaged database was set aside and recovered')
  const store = createStudioStore(databases.studio, clock)
  const calls = createCallStore(databases.calls)
  const files = await createFileExchange(join(data_dir, 'transfer'), clock)
  const { emit, onEvent } = createEvents()
  const jobs = createJobs()
  let settings = await readSettings(store, LOCAL)

  const runtime = createRuntime({
    log,
    sessionsPerProcess: () => settings.sessions_per_process,
    onChange: () => emit({ type: 'processes.changed' }),
    cacheDir: join(data_dir, 'cache'),
  })
  const sessions = createSessions({
    calls,
    runtime,
    log,
    emit,
    head: async (scope, agent_id) => {
      const agent = await store.agents.find(scope, agent_id)
      if (!agent || agent.summary.deleted_at !== undefined) return undefined
      return { revision: agent.head.revision, content: agent.head.content, enabled: agent.summary.enabled }
    },
    resolveSecrets: async () => ({}),
    builtinModelsDir: () => undefined,
  })
  onEvent((event) => {
    if (event.type === 'setting.changed') settings = event.settings
    sessions.onStudioEvent(event)
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
    ...agentHandlers({ store, emit, samples_dir, clock }),
    ...bundleHandlers({ store, emit, files, version: system.version, now: clock }),
    ...sessionHandlers(sessions),
    ...settingHandlers({ store, emit, system, processes: runtime.processes }),
    ...(await awaited()),
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

  return {
    host_id: v7(),
    dispatch: createDispatch({ handlers, store, emit, jobs, log }),
    onEvent,
    subscribeSession: async (scope, session_id, after, sink) =>
      sessions.subscribe(scope, parseSessionId(session_id), after, sink),
    attachMedia: sessions.attachMedia,
    files,
    warm: sessions.warm,
    close: async () => {
      jobs.close()
      await sessions.close()
      await runtime.close()
      await files.close()
      databases.close()
      lock.release()
    },
  }
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

/** Until models and secrets land. */
async function awaited(): Promise<
  Pick<Handlers, 'secret.list' | 'secret.set' | 'secret.delete' | 'model.list' | 'model.get' | 'model.find_servers'>
> {
  const absent = () => Promise.reject(new StudioError('unavailable', 'This is not built yet.', 'Wait for it.'))
  return {
    'secret.list': async () => ({ secrets: [], protection: 'encrypted_file' }),
    'secret.set': absent,
    'secret.delete': absent,
    'model.list': async () => ({ sets: [] }),
    'model.get': absent,
    'model.find_servers': async () => ({ servers: [] }),
  }
}
