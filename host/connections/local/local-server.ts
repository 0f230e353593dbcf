import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { LocalLiveKit } from '../../../core/contract/connections.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ModelProgress } from '../../../core/contract/models.ts'
import type { ProcessState } from '../../runtime/process-state.ts'
import { cachedServer, fetchServer, sourceOf, type FetchOptions } from './fetch-server.ts'
import { findServer, versionOf, wrongVariable, type FoundServer } from './find-server.ts'
import { SERVER_RELEASES, type ServerRelease } from './local-server-releases.ts'
import { createServerConfig, type ServerConfig } from './server-config.ts'
import { superviseServer, type SupervisedServer } from './supervise-server.ts'

/** Where the running server is, and what opens it. */
export type RunningServer = Readonly<{ url: string; api_key: string; api_secret: string }>

type StartOptions = Readonly<{ download: boolean; lan: boolean }>
type StartJob = Readonly<{ signal: AbortSignal; progress: (progress: ModelProgress) => void }>

export type LocalServer = Readonly<{
  state: () => Promise<LocalLiveKit>
  /** What runs now. */
  running: () => RunningServer | undefined
  /** Starts it when it is found and does not run. Rejects with `unavailable` in plain words. */
  ensure: () => Promise<RunningServer>
  /** `download`: fetches the pinned release when no program is found. Started anew when `lan` changes. */
  start: (options: StartOptions, job: StartJob) => Promise<LocalLiveKit>
  stop: () => Promise<LocalLiveKit>
  processes: () => ProcessState[]
  close: () => Promise<void>
}>

export type LocalServerOptions = Readonly<{
  /** Where fetched programs are kept. */
  folder: string
  log: Logger
  offline: () => boolean
  /** It came, went or changed. */
  onChange: () => void
  /** Absent: the host's own. */
  environment?: NodeJS.ProcessEnv
  /** Absent: those that this build knows. */
  releases?: Readonly<Record<string, ServerRelease>>
}> &
  Pick<FetchOptions, 'patience' | 'stallMs'>

type Run = Readonly<{ server: SupervisedServer; config: ServerConfig; lan: boolean }>

const KEPT_LINES = 200

/** The LiveKit server on this machine: found or fetched, run on loopback, started again whenever it dies, ended with the host. */
export function createLocalServer(options: LocalServerOptions): LocalServer {
  const { folder, log, onChange, environment = process.env, releases = SERVER_RELEASES } = options
  const release = releases[`${process.platform}-${process.arch}`]
  const lines: string[] = []
  const version = onceEach(versionOf)
  let run: Run | undefined
  let failure: string | undefined
  let closed = false
  let queue: Promise<unknown> = Promise.resolve()

  /** One change after the other. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }
  const find = (): FoundServer | undefined => findServer(environment, release && cachedServer(folder, release))

  const onLine = (line: string): void => {
    const shown = withoutTokens(line)
    lines.push(shown)
    if (lines.length > KEPT_LINES) lines.shift()
    log.info({ process: 'livekit-server' }, shown)
  }

  async function launch(lan: boolean): Promise<RunningServer> {
    if (closed) throw new StudioError('unavailable', 'Greenroom is closing.', 'Start it again, then try again.')
    const found = find()
    if (!found) throw missing(release)
    failure = undefined
    const config = await createServerConfig(lan)
    const server = superviseServer({ program: found.path, config, onLine, onChange, lastLine: () => lines.at(-1) })
    run = { server, config, lan }
    onChange()
    try {
      await server.ready
      return addressOf(config)
    } catch (cause) {
      run = undefined
      failure = cause instanceof Error ? cause.message : String(cause)
      onChange()
      throw cause
    }
  }

  async function stopNow(): Promise<void> {
    const stopping = run
    run = undefined
    failure = undefined
    await stopping?.server.stop()
    if (stopping) onChange()
  }

  async function fetchRelease({ signal, progress }: StartJob): Promise<void> {
    if (!release) throw missing(release)
    if (options.offline()) throw offline()
    await fetchServer(release, { ...options, environment, signal, progress })
    onChange()
  }

  const runningConfig = () => (run && run.server.state() !== 'gone' ? run : undefined)

  async function state(): Promise<LocalLiveKit> {
    const found = find()
    const its = found && (await version(found.path))
    const current = runningConfig()
    const reason = current ? current.server.reason() : (failure ?? wrongVariable(environment))
    const pid = current?.server.pid()
    return {
      state: stateOf(current, failure, found),
      ...(found && { found: { ...found, ...(its !== undefined && { version: its }) } }),
      ...(release && { offered: offerOf(release, environment) }),
      ...(current && { url: addressOf(current.config).url }),
      ...(pid !== undefined && { pid }),
      lan: current?.lan ?? false,
      ...(reason !== undefined && { reason }),
      log: [...lines],
    }
  }

  return {
    state,
    running: () => {
      const current = runningConfig()
      return current && addressOf(current.config)
    },
    ensure: () => inTurn(async () => (runningConfig() ? addressOf(await untilReady(run)) : launch(false))),
    start: async ({ download, lan }, job) => {
      if (download && !find()) await fetchRelease(job)
      await inTurn(async () => {
        if (runningConfig()?.lan === lan) return
        await stopNow()
        await launch(lan)
      })
      return state()
    },
    stop: async () => {
      await inTurn(stopNow)
      return state()
    },
    processes: () => {
      const current = runningConfig()
      const pid = current?.server.pid()
      if (!current || pid === undefined) return []
      return [
        {
          kind: 'livekit',
          pid,
          state: current.server.state() === 'ready' ? 'ready' : 'starting',
          sessions: 0,
          memory_mb: memoryMb(pid),
        },
      ]
    },
    close: async () => {
      closed = true
      // Not in turn: what is still starting ends at once.
      await run?.server.stop()
      await queue
    },
  }
}

/** One that is on its way up again is the one to wait for. */
async function untilReady(run: Run | undefined): Promise<ServerConfig> {
  if (!run) throw missing(undefined)
  await run.server.ready
  return run.config
}

const addressOf = ({ port, api_key, api_secret }: ServerConfig): RunningServer => ({
  url: `ws://127.0.0.1:${port}`,
  api_key,
  api_secret,
})

function stateOf(run: Run | undefined, failure: string | undefined, found: FoundServer | undefined): LocalLiveKit['state'] {
  if (run) return run.server.state() === 'ready' ? 'ready' : 'starting'
  if (failure !== undefined) return 'failed'
  return found ? 'stopped' : 'missing'
}

const offerOf = (release: ServerRelease, environment: NodeJS.ProcessEnv) => ({
  version: release.version,
  size_mb: Math.round((release.bytes ?? 18_000_000) / 1e5) / 10,
  from: sourceOf(release, environment),
})

/** Where the system tells it by a file; 0 elsewhere. */
function memoryMb(pid: number): number {
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    return Math.round((Number(pages) * 4096) / 1e6)
  } catch {
    return 0
  }
}

/** The server writes a token that it refuses into its log. */
const withoutTokens = (line: string): string => line.replace(/eyJ[\w-]{8,}(\.[\w-]+)*/g, '<token>')

function onceEach<Value>(work: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>()
  return (key) => {
    const value = known.get(key) ?? work(key)
    known.set(key, value)
    return value
  }
}

function missing(release: ServerRelease | undefined): StudioError {
  const install = 'install livekit-server so that it is on PATH, or name it in GREENROOM_LIVEKIT_SERVER'
  return new StudioError(
    'unavailable',
    'No livekit-server was found on this machine.',
    release
      ? `Fetch it in Settings → LiveKit (${release.version}), or ${install}.`
      : `None is published for this system: ${install}${process.platform === 'darwin' ? ' (brew install livekit)' : ''}.`,
  )
}

const offline = (): StudioError =>
  new StudioError(
    'unavailable',
    'Greenroom is offline, so livekit-server cannot be fetched.',
    'Switch offline mode off in Settings for the download, or install livekit-server yourself; it runs offline.',
  )
