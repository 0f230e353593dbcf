import { resolve } from 'node:path'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { config as readDotenv } from 'dotenv'
import { StudioError } from '../../core/contract/errors.ts'
import { samplesFolder } from '../agents/read-samples.ts'
import { readDrainMs, readServerMode } from '../compose/server-mode.ts'
import { EXTENSIONS } from '../extensions/extension-book.ts'
import { dataFolder } from '../data-folder.ts'
import { createServerLog } from '../host-log.ts'
import { serveServer, type RunningServer, type ServerOptions } from '../serve-server.ts'
import { tellLiveKit } from './livekit-setting.ts'
import type { Output } from './output.ts'

type Context = Readonly<{ out: Output; signal: AbortSignal; folders: () => { data?: string; models?: string } }>
type Serve = Readonly<{
  port: number
  also?: number
  store?: string
  worker: boolean
  insecure?: boolean
  host: string
  samples?: boolean
  extensions?: string
}>
type Work = Readonly<{ store?: string; host: string; port?: number; extensions?: string }>

const LOOPBACK = '127.0.0.1'
const STORE = [
  '--store <url>',
  'postgres://…, mongodb://… or http(s)://… of another Greenroom (default: DATABASE_URL, MONGO_URI, else SQLite in the data folder)',
] as const

const EXTENSIONS_OPTION = [
  '--extensions <dir>',
  'folder of ESM modules that add agent types (default: GREENROOM_EXTENSIONS)',
] as const

/** The product without a page: API and worker, for many tenants. */
export function addServerCommands(command: (name: string, description: string) => Command, context: Context): void {
  command('serve', 'Serve agents to many customers: the API, and a worker for LiveKit')
    .option('-p, --port <port>', 'where the API listens', portNumber, 8000)
    .option('--also <port>', 'a second port for the same API', portNumber)
    .option('--host <address>', 'the address that it listens at', LOOPBACK)
    .option(...STORE)
    .option('--no-worker', 'API alone; calls are taken by workers of their own')
    .option('--insecure', 'no authentication, on this machine alone')
    .option('--samples', 'add the sample agents')
    .option(...EXTENSIONS_OPTION)
    .action((options: Serve) => serve(options, context))
  command('worker', 'Take calls from LiveKit, with the agents of a store that others serve')
    .option(...STORE)
    .option('--port <port>', 'where it answers /healthz and /readyz (default: nowhere)', portNumber)
    .option(...EXTENSIONS_OPTION)
    .option('--host <address>', 'the address for that', LOOPBACK)
    .action((options: Work) => work(options, context))
}

async function serve(options: Serve, context: Context): Promise<void> {
  readDotenv({ quiet: true })
  const { port, also, host, insecure = false } = options
  useExtensions(options)
  const server = readServerMode(process.env, options)
  await run(context, {
    ...base(context),
    server,
    api: { host, ports: [port, ...(also === undefined ? [] : [also])], insecure },
    samples_dir: options.samples ? samplesFolder() : null,
  })
}

async function work({ store, host, port, extensions }: Work, context: Context): Promise<void> {
  readDotenv({ quiet: true })
  useExtensions({ extensions })
  const server = readServerMode(process.env, { store, worker: true })
  if (server.store_url === undefined) throw noStore()
  await run(context, { ...base(context), server, ...(port !== undefined && { health: { host, port } }) })
}

/** Processes that this one starts know the folder by the variable. */
function useExtensions({ extensions }: Readonly<{ extensions?: string | undefined }>): void {
  if (extensions !== undefined) process.env[EXTENSIONS] = resolve(extensions)
}

function base({ folders }: Context): Pick<ServerOptions, 'data_dir' | 'models_dir' | 'log'> {
  const { data, models } = folders()
  return { data_dir: dataFolder(data), log: createServerLog(), ...(models !== undefined && { models_dir: models }) }
}

/** Until the first signal; then calls go on to their end, for as long as they may, or until the second. */
async function run({ out, signal }: Context, options: ServerOptions): Promise<void> {
  const drain_ms = readDrainMs(process.env)
  const livekit = tellLiveKit(process.env)
  const server = await serveServer(options)
  tellStart(out, server, livekit)
  await aborted(signal)
  const hurry = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => hurry.abort())
  out.note('greenroom: no new calls from now on; those that run go on to their end. A second signal ends that.')
  await server.drain(AbortSignal.any([hurry.signal, AbortSignal.timeout(drain_ms)]))
  await server.close()
}

function tellStart(out: Output, { addresses, store, first_key }: RunningServer, livekit: string): void {
  const { kind, address, notes } = store
  for (const one of addresses) out.result(`Greenroom listens at ${one}`)
  out.result(`Store: ${kind} (${address})`)
  for (const note of notes) out.result(`  ${note}`)
  out.result(livekit)
  if (first_key !== undefined) out.result(`First API key, shown this once (role operator): ${first_key}`)
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It must be a port from 0 to 65535.')
}

const noStore = (): StudioError =>
  new StudioError(
    'malformed',
    'A worker shares its store with the server, and none is named.',
    'Give --store, DATABASE_URL or MONGO_URI; one process alone does both with: greenroom serve',
  )
