import * as z from 'zod'
import { SecretReference } from '../agent/secret-reference.ts'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

/** Names a LiveKit connection for ever; `local` is the server that Greenroom runs itself, `environment` is `LIVEKIT_URL` and its keys. */
export const ConnectionId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1-64 small letters, digits or "-"')
  .brand('ConnectionId')
export type ConnectionId = z.infer<typeof ConnectionId>

/** One registration of the worker: a dispatch name on a connection. */
export const WorkerRegistration = z.object({
  connection_id: ConnectionId,
  /** As in `RoomAgentDispatch.agentName`; empty: automatic dispatch to every room. */
  dispatch_name: z.string(),
  state: z.enum(['connecting', 'ready', 'draining', 'lost', 'failed']),
  /** Why it is lost or failed (refused), in plain words; tried again for ever, only more seldom when it failed. */
  reason: z.string().optional(),
  /** As the server named this registration. */
  worker_id: z.string().optional(),
  since: Millis,
  jobs: z.int(),
})
export type WorkerRegistration = Readonly<z.infer<typeof WorkerRegistration>>

export const WorkerState = z.object({
  state: z.enum(['off', 'starting', 'ready', 'draining', 'lost', 'failed']),
  /** It was asked to take no new calls, whatever its state. */
  draining: z.boolean(),
  registrations: z.array(WorkerRegistration),
  /** Calls that came through it and run now. */
  sessions: z.int(),
  /** 0 (idle) to 1 (full), as told to the servers. */
  load: z.number(),
  memory_mb: z.number(),
  /** The last lines of its log, oldest first. */
  log: z.array(z.string()),
})
export type WorkerState = Readonly<z.infer<typeof WorkerState>>

export const Connection = z.object({
  connection_id: ConnectionId,
  name: z.string().trim().min(1).max(100),
  source: z.enum(['own', 'environment', 'local']),
  /** ws:// or wss://. For `local`: where it runs, absent while it does not. */
  url: z.string().optional(),
  api_key: SecretReference.optional(),
  api_secret: SecretReference.optional(),
  /** Agents that ask for it answer under their own names here, also when nobody in this studio called. */
  serve: z.boolean(),
  /** Every new room of this server gets an agent. */
  automatic: z.boolean(),
  /** Whether both keys are there. */
  has_keys: z.boolean(),
})
export type Connection = Readonly<z.infer<typeof Connection>>

export const ConnectionStep = z.object({
  step: z.enum(['address', 'reach', 'livekit', 'clock', 'keys', 'version', 'join', 'media']),
  state: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** Plain words: what is so. */
  detail: z.string(),
  hint: z.string().optional(),
  duration_ms: z.number().optional(),
})
export type ConnectionStep = Readonly<z.infer<typeof ConnectionStep>>

export const ConnectionCheck = z.object({
  ok: z.boolean(),
  steps: z.array(ConnectionStep),
  server_version: z.string().optional(),
  /** Of the signalling, ms. */
  round_trip_ms: z.number().optional(),
  /** How media went. */
  transport: z.enum(['udp', 'tcp', 'turn']).optional(),
})
export type ConnectionCheck = Readonly<z.infer<typeof ConnectionCheck>>

/** The LiveKit server that Greenroom runs itself, on loopback, with random keys and ports. */
export const LocalLiveKit = z.object({
  state: z.enum(['missing', 'stopped', 'starting', 'ready', 'failed']),
  /** Where the program was found: GREENROOM_LIVEKIT_SERVER, PATH, or our own cache. */
  found: z.object({ path: z.string(), by: z.enum(['variable', 'path', 'cache']), version: z.string().optional() }).optional(),
  /** What would be fetched for this platform; absent: nothing is published for it. */
  offered: z.object({ version: z.string(), size_mb: z.number(), from: z.string() }).optional(),
  url: z.string().optional(),
  pid: z.int().optional(),
  /** Media ports listen to the local network as well, so that a telephone can take part. */
  lan: z.boolean(),
  reason: z.string().optional(),
  log: z.array(z.string()),
})
export type LocalLiveKit = Readonly<z.infer<typeof LocalLiveKit>>

const one = z.object({ connection_id: ConnectionId })

export const connectionOperations = {
  'connection.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'LiveKit connections, the worker, and the local server',
    input: z.object({}),
    output: z.object({ connections: z.array(Connection), worker: WorkerState, local_server: LocalLiveKit }),
  }),
  'connection.save': operation({
    kind: 'command',
    role: 'developer',
    audit: 'connection',
    idempotent: true,
    summary: 'Add a LiveKit connection, or change one',
    /** Absent `connection_id`: a new one, named after `name`. Of `local` and `environment` only `serve` and `automatic` can be changed. */
    input: z.object({
      connection_id: ConnectionId.optional(),
      name: Connection.shape.name.optional(),
      url: z.string().trim().max(2048).optional(),
      api_key: SecretReference.optional(),
      api_secret: SecretReference.optional(),
      serve: z.boolean().optional(),
      automatic: z.boolean().optional(),
    }),
    output: Connection,
  }),
  'connection.delete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'connection',
    idempotent: true,
    summary: 'Remove a connection; its keys stay where they are kept. The reply is what `connection.save` takes to undo it',
    input: one,
    output: Connection,
  }),
  'connection.test': operation({
    kind: 'job',
    role: 'developer',
    summary: 'Find out in plain words whether a connection works, by a short real join',
    input: one,
    output: ConnectionCheck,
  }),
  'local_server.start': operation({
    kind: 'job',
    role: 'developer',
    audit: 'connection',
    summary: 'Run a LiveKit server on this machine; fetches a pinned release first when `download` says so',
    input: z.object({ download: z.boolean().default(false), lan: z.boolean().default(false) }),
    output: LocalLiveKit,
  }),
  'local_server.stop': operation({
    kind: 'command',
    role: 'developer',
    audit: 'connection',
    idempotent: true,
    summary: 'Stop the LiveKit server on this machine; calls through it end',
    input: z.object({}),
    output: LocalLiveKit,
  }),
} as const

/** Ask `connection.list` again. */
export const ConnectionEvent = z.discriminatedUnion('type', [z.object({ type: z.literal('connection.changed') })])
