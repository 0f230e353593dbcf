/*
 * Threat model: a page of another origin opens a WebSocket here (browsers allow that, and send the cookie): the guard checks Host, Origin
 * and login before anything is answered. A client that reads slowly must not make the host hold what it does not take: over a limit it is
 * dropped, and finds its state again by snapshot when it comes back.
 */
import type { IncomingMessage, Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { WebSocketServer, type WebSocket } from 'ws'
import * as z from 'zod'
import type { Caller } from '../../core/contract/caller.ts'
import { ERROR_STATUS, StudioError } from '../../core/contract/errors.ts'
import { JournalPosition } from '../../core/contract/session-events.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import type { LiveKitProxy } from './livekit-proxy.ts'
import type { OriginGuard } from './origin-guard.ts'
import type { ServedHost } from './served-host.ts'
import { textHeaders } from './text-headers.ts'

/** Bytes that a client may leave untaken. */
const MOST_BUFFERED = 4 * 1024 * 1024
const PING_EVERY_MS = 20_000
/** RFC 6455: try again later. */
const TRY_AGAIN_LATER = 1013
const NOT_FOUND = 4404

const After = z.object({ attempt: z.coerce.number().default(0), seq: z.coerce.number().default(0) }).pipe(JournalPosition)

type SocketDeps = Readonly<{ host: ServedHost; guard: OriginGuard; proxy: LiveKitProxy; log: Logger }>
export type Sockets = Readonly<{ close: () => void }>

/** Answers the upgrades of `/events`, `/events/sessions/:id`, `/media/:id` and `/livekit/:connection_id/…`; the pages' messages on the first two are ignored. */
export function attachSockets(server: Server, deps: SocketDeps): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false })
  const alive = new WeakSet<WebSocket>()
  const pings = setInterval(() => pingAll(sockets, alive), PING_EVERY_MS)
  sockets.on('connection', (socket: WebSocket) => {
    alive.add(socket)
    socket.on('pong', () => alive.add(socket))
    socket.on('error', (cause) => deps.log.debug({ err: cause }, 'a socket failed'))
  })
  // An upgraded connection is no longer the server's: whoever closes the server closes these first, or waits for ever.
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (request, duplex, head) => {
    upgraded.add(duplex)
    duplex.once('close', () => upgraded.delete(duplex))
    duplex.on('error', (cause) => deps.log.debug({ err: cause }, 'an upgraded connection failed'))
    try {
      deps.guard.requireHost(request)
      route(deps, sockets, request, duplex, head)
    } catch (cause) {
      refuse(duplex, cause instanceof StudioError ? ERROR_STATUS[cause.code] : 500)
      if (!(cause instanceof StudioError)) deps.log.error({ err: cause }, 'an upgrade failed unexpectedly')
    }
  })
  return {
    close: () => {
      clearInterval(pings)
      for (const duplex of upgraded) duplex.destroy()
      sockets.close()
    },
  }
}

function route(deps: SocketDeps, sockets: WebSocketServer, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
  const caller = deps.guard.identify(request)
  const url = new URL(request.url ?? '/', 'http://host')
  const [, first, second, third] = url.pathname.split('/')
  const accept = (use: (socket: WebSocket) => void) =>
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      sockets.emit('connection', socket, request)
      use(socket)
    })
  if (first === 'events' && second === undefined) return accept((socket) => streamLibrary(deps.host, socket))
  if (first === 'events' && second === 'sessions' && third) {
    const after = After.safeParse(Object.fromEntries(url.searchParams))
    if (!after.success)
      throw new StudioError('malformed', 'attempt and seq must be whole numbers.', 'Leave them out to begin at the start.')
    return accept((socket) => void streamSession(deps, caller, third, after.data, socket))
  }
  if (first === 'media' && second && duplex instanceof Socket) {
    return void deps.host.attachMedia(caller, second, { headers: textHeaders(request), head, socket: duplex })
  }
  if (first === 'livekit' && second) {
    const rest = url.pathname.split('/').slice(3).join('/')
    return deps.proxy.upgrade(() => deps.host.signalUrl(caller, second), rest, request, duplex, head)
  }
  throw new StudioError('not_found', 'There is no stream at this address.', 'See the contract for those that there are.')
}

/** `hello` first; whoever falls behind is dropped, since a fresh snapshot is cheaper than a backlog. */
function streamLibrary(host: ServedHost, socket: WebSocket): void {
  const send = (event: StudioEvent) => {
    if (socket.bufferedAmount > MOST_BUFFERED) return socket.terminate()
    socket.send(JSON.stringify(event))
  }
  socket.once('close', host.onEvent(send))
  send({ type: 'hello', host_id: host.host_id })
}

async function streamSession(
  { host, log }: SocketDeps,
  caller: Caller,
  session_id: string,
  after: JournalPosition,
  socket: WebSocket,
) {
  const sink = {
    send: (message: unknown) => socket.send(JSON.stringify(message)),
    bufferedBytes: () => socket.bufferedAmount,
  }
  try {
    const unsubscribe = await host.subscribeSession(caller, session_id, after, sink)
    if (socket.readyState === socket.OPEN) socket.once('close', unsubscribe)
    else unsubscribe()
  } catch (cause) {
    if (!(cause instanceof StudioError)) log.error({ err: cause, session_id }, 'a session could not be followed')
    socket.close(cause instanceof StudioError && cause.code === 'not_found' ? NOT_FOUND : TRY_AGAIN_LATER)
  }
}

/** Finds connections that died without a word. */
function pingAll(sockets: WebSocketServer, alive: WeakSet<WebSocket>): void {
  for (const socket of sockets.clients) {
    if (!alive.delete(socket)) socket.terminate()
    else socket.ping()
  }
}

function refuse(duplex: Duplex, status: number): void {
  duplex.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => duplex.destroy())
}
