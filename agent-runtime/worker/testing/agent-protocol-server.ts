/** A LiveKit server as a worker sees it: `/agent` and the API of dispatches, no media. For tests where no real one is found, and for faults. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import {
  AgentDispatch,
  CreateAgentDispatchRequest,
  CreateRoomRequest,
  DeleteAgentDispatchRequest,
  Job,
  Room,
  type RoomAgentDispatch,
} from '@livekit/protocol'
import { v7 } from 'uuid'
import { WebSocketServer } from 'ws'
import { refusalOf } from './check-token.ts'
import { connectWorker, type ConnectedWorker } from './connected-worker.ts'
import { createLookout, type Lookout } from '../../../core/testing/lookout.ts'

export type AgentProtocolServer = Readonly<{
  /** ws://127.0.0.1:PORT */
  url: string
  api_key: string
  api_secret: string
  /** Registered ones. */
  workers: () => readonly ConnectedWorker[]
  /** What has happened so far, in words, e.g. `registered ada`. */
  events: readonly string[]
  /** Resolves when it is so; looked at again whenever something happens. */
  until: Lookout['until']
  /** `taken`: a worker accepted. */
  dispatch: (name: string, room: string, metadata?: string) => Promise<Readonly<{ job_id: string; taken: boolean }>>
  terminate: (job_id: string) => void
  /** Reads and says nothing from now on, as a network that swallows everything. */
  silence: (on: boolean) => void
  /** All connections are cut, and nothing listens until `restart`. */
  kill: () => Promise<void>
  restart: () => Promise<void>
  close: () => Promise<void>
}>

const KEYS = { api_key: 'devkey', api_secret: 'a-secret-that-only-tests-know-0123456789' }

export async function startAgentProtocolServer(version = '1.13.5'): Promise<AgentProtocolServer> {
  const workers = new Set<ConnectedWorker>()
  /** Of each dispatch that came through the API. */
  const jobs = new Map<string, string>()
  const rooms = new Set<string>()
  const events: string[] = []
  const { heard, until } = createLookout()
  let silent = false
  let port = 0
  let server = await listen()

  function onEvent(what: string): void {
    events.push(what)
    heard()
  }

  async function listen() {
    const sockets = new WebSocketServer({ noServer: true })
    const http = createServer((request, response) => void answer(request, response))
    http.on('upgrade', (request: IncomingMessage, socket, head) => {
      if (silent) return
      const refused = request.url?.startsWith('/agent')
        ? refusalOf(request.headers.authorization, keysOf())
        : '404 page not found'
      if (refused !== undefined) {
        const status = refused.startsWith('404') ? '404 Not Found' : '401 Unauthorized'
        socket.end(`HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(refused)}\r\nconnection: close\r\n\r\n${refused}`)
        return onEvent(`refused ${status}`)
      }
      sockets.handleUpgrade(request, socket, head, (connection) => {
        const worker = connectWorker(connection, {
          worker_id: newId('AW'),
          version,
          keys: KEYS,
          isSilent: () => silent,
          onEvent,
        })
        workers.add(worker)
        connection.on('error', () => connection.terminate())
        connection.on('close', () => workers.delete(worker))
      })
    })
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    const address = http.address()
    if (typeof address === 'object' && address) port = address.port
    return http
  }

  /** The API as far as `AgentDispatchClient` and `RoomServiceClient` need it for dispatches. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = /^\/twirp\/livekit\.\w+\/(\w+)$/.exec(request.url ?? '')?.[1]
    const act = api.get(method ?? '')
    if (!act) return void response.writeHead(request.url === '/' ? 200 : 404).end('OK')
    const reply = act(JSON.stringify(await json(request)))
    response.writeHead(200, { 'content-type': 'application/json' }).end(reply.toJsonString())
  }

  const api = new Map<string, (body: string) => AgentDispatch | Room>([
    ['CreateDispatch', createDispatch],
    ['DeleteDispatch', deleteDispatch],
    ['CreateRoom', createRoom],
  ])

  /** As the real one: the job is offered when the reply is long on its way. */
  const runLater = (dispatch: AgentDispatch) => void setImmediate(() => void run(dispatch))

  function createDispatch(body: string): AgentDispatch {
    const { agentName, room, metadata } = CreateAgentDispatchRequest.fromJsonString(body)
    openRoom(room, [])
    const dispatch = new AgentDispatch({ id: newId('AD'), agentName, room, metadata })
    runLater(dispatch)
    return dispatch
  }

  function deleteDispatch(body: string): AgentDispatch {
    const { dispatchId } = DeleteAgentDispatchRequest.fromJsonString(body)
    terminate(jobs.get(dispatchId) ?? '')
    return new AgentDispatch({ id: dispatchId })
  }

  function createRoom(body: string): Room {
    const { name, agents } = CreateRoomRequest.fromJsonString(body)
    openRoom(name, agents)
    return new Room({ name, sid: `RM_${name}` })
  }

  /** A new room without agents of its own gets a job for workers without a name, also when a dispatch makes it. */
  function openRoom(room: string, agents: readonly RoomAgentDispatch[]): void {
    if (rooms.has(room)) return
    rooms.add(room)
    for (const { agentName, metadata } of agents.length > 0 ? agents : [{ agentName: '', metadata: '' }]) {
      runLater(new AgentDispatch({ id: newId('AD'), agentName, room, metadata }))
    }
  }

  /** Asks the free workers of this name one after the other. */
  async function run({ id, agentName, room, metadata }: AgentDispatch) {
    const job = new Job({
      id: newId('AJ'),
      dispatchId: id,
      agentName,
      metadata,
      room: { name: room, sid: `RM_${room}` },
    })
    jobs.set(id, job.id)
    for (const worker of [...workers]) {
      if (worker.name() !== agentName || !worker.isAvailable()) continue
      if (await worker.offer(job)) return { job_id: job.id, taken: true }
    }
    onEvent(`nobody took ${agentName}`)
    return { job_id: job.id, taken: false }
  }

  function terminate(job_id: string): void {
    for (const worker of workers) worker.terminate(job_id)
  }

  async function kill(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const worker of workers) worker.drop()
    server.closeAllConnections()
    await closed
  }

  return {
    url: `ws://127.0.0.1:${port}`,
    ...KEYS,
    workers: () => [...workers].filter((worker) => worker.name() !== undefined),
    events,
    until,
    dispatch: (agentName, room, metadata = '') => run(new AgentDispatch({ id: `AD_${room}`, agentName, room, metadata })),
    terminate,
    silence: (on) => {
      silent = on
    },
    kill,
    async restart() {
      server = await listen()
    },
    close: kill,
  }
}

const newId = (kind: string): string => `${kind}_${v7().slice(-12)}`
const keysOf = () => ({ [KEYS.api_key]: KEYS.api_secret })
