/** Threat model: the API secret signs a token here and goes no further; what is told of a failure never repeats what the server wrote. */
import type { IncomingMessage } from 'node:http'
import { JobType, RegisterWorkerRequest, ServerMessage, WorkerMessage, WorkerPing } from '@livekit/protocol'
import { WebSocket } from 'ws'
import type { Exposure } from '../../core/contract/worker.ts'
import { signedToken } from '../signed-token.ts'
import { brokenBy, closedWith, neverRegistered, notAnAddress, notLiveKit, refusedWith, silent, type Loss } from './loss.ts'

export type ToServer = Exclude<WorkerMessage['message'], { case: undefined }>
export type FromServer = Exclude<ServerMessage['message'], { case: undefined }>

export type LineListener = Readonly<{
  onRegistered: (worker_id: string, server_version: string) => void
  onMessage: (message: FromServer) => void
  /** Once, and nothing comes after it; not after `close`. */
  onLost: (loss: Loss) => void
}>

/** One connection to a server, under one dispatch name. */
export type AgentLine = Readonly<{ send: (message: ToServer) => void; close: () => void }>

/** From the first packet to the registration. */
const PATIENCE_MS = 10_000
const PING_EVERY_MS = 5000
/** So many pings without any word from the server, and the connection counts as lost: counted, as a laptop may have slept. */
const UNANSWERED = 2
/** Metadata of a room and a job may have 512 KiB each. */
const MESSAGE_BYTES = 4 * 1024 * 1024
const BODY_BYTES = 4096
const TOKEN_S = 6 * 3600

/** What an agent may do in a room; rights are in the token that the server makes for each job. */
const PERMISSIONS = { canPublish: true, canSubscribe: true, canPublishData: true, canUpdateMetadata: true, agent: true }

/** Connects and registers. */
export function openAgentLine(exposure: Exposure, version: string, listener: LineListener): AgentLine {
  const url = agentUrl(exposure.url)
  if (!url) return lostLine(listener)
  const { host } = url
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${workerToken(exposure)}` },
    maxPayload: MESSAGE_BYTES,
    perMessageDeflate: false,
  })
  let registered = false
  let over = false
  let unanswered = 0
  let pings: NodeJS.Timeout | undefined
  const patience = setTimeout(() => end(neverRegistered(host, socket.readyState === WebSocket.OPEN)), PATIENCE_MS)

  const end = (loss: Loss | undefined): void => {
    if (over) return
    over = true
    clearTimeout(patience)
    clearInterval(pings)
    if (loss) socket.terminate()
    else socket.close()
    if (loss) listener.onLost(loss)
  }
  const send = (message: ToServer): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(new WorkerMessage({ message }).toBinary())
  }
  const ping = (): void => {
    if (unanswered >= UNANSWERED) return end(silent(host))
    unanswered += 1
    send(pingMessage())
  }

  socket.on('open', () => send(registerMessage(exposure.dispatch_name, version)))
  socket.on('message', (data: Buffer) => {
    if (over) return
    unanswered = 0
    const message = readMessage(data)
    if (!message) return end(notLiveKit(host))
    // Of a newer server.
    if (message.case === undefined) return
    if (message.case !== 'register') return listener.onMessage(message)
    registered = true
    clearTimeout(patience)
    pings = setInterval(ping, PING_EVERY_MS)
    listener.onRegistered(message.value.workerId, message.value.serverInfo?.version ?? '')
  })
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    void bodyOf(response).then((body) => end(refusedWith(response.statusCode ?? 0, body, host)))
  })
  socket.on('error', (cause) => end(brokenBy(cause, host, registered)))
  socket.on('close', () => end(closedWith(registered, host)))
  return { send, close: () => end(undefined) }
}

function agentUrl(text: string): URL | undefined {
  const url = URL.parse(`${text.replace(/\/+$/, '').replace(/^http/, 'ws')}/agent`)
  return url?.protocol === 'ws:' || url?.protocol === 'wss:' ? url : undefined
}

/** Without `nbf` and long enough that clocks may differ: it opens this connection and nothing else. */
const workerToken = ({ api_key, api_secret }: Exposure): string =>
  signedToken(api_secret, { iss: api_key, exp: Math.floor(Date.now() / 1000) + TOKEN_S, video: { agent: true } })

const registerMessage = (agentName: string, version: string): ToServer => ({
  case: 'register',
  value: new RegisterWorkerRequest({ type: JobType.JT_ROOM, agentName, version, allowedPermissions: PERMISSIONS }),
})

const pingMessage = (): ToServer => ({ case: 'ping', value: new WorkerPing({ timestamp: BigInt(Date.now()) }) })

function readMessage(data: Uint8Array): ServerMessage['message'] | undefined {
  try {
    return ServerMessage.fromBinary(data).message
  } catch {
    return undefined
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const part of response) {
      text += Buffer.from(part).toString()
      if (text.length > BODY_BYTES) break
    }
  } catch {
    // The status alone says enough.
  }
  return text
}

/** A line that cannot even be tried. */
function lostLine({ onLost }: LineListener): AgentLine {
  const told = setImmediate(() => onLost(notAnAddress()))
  return { send: () => undefined, close: () => clearImmediate(told) }
}
