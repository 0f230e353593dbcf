import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { parseJson, type Json } from '../../../core/json.ts'

/** One connection, as the vendor's server sees it. */
export type RealtimeSession = Readonly<{
  path: string
  headers: IncomingHttpHeaders
  /** Everything that came in, in order. */
  messages: readonly Json[]
  /** When the connection has ended. */
  closed: Promise<unknown>
}>
export type Talk = Readonly<{ say: (message: Json) => void; close: (code: number, reason: string) => void }>

/** How a vendor's server answers over one connection. */
export type RealtimeDialect = Readonly<{
  path: RegExp
  /** Text or binary frames. */
  binary?: boolean
  begin: (talk: Talk) => (message: Json | undefined) => void
}>

export type RealtimeServer = Readonly<{
  url: string
  sessions: readonly RealtimeSession[]
  /** Resolves with the next message, of any session, that is one of these. */
  next: (which: (message: Json) => boolean) => Promise<Json>
  /** Cuts every connection. */
  drop: () => Promise<void>
  close: () => Promise<void>
}>

/** A vendor's realtime API behind real WebSockets. */
export async function startRealtimeServer({ path, binary = false, begin }: RealtimeDialect): Promise<RealtimeServer> {
  const sessions: RealtimeSession[] = []
  const waiting = new Set<(message: Json) => void>()
  const http = createServer((_request, response) => void response.writeHead(404).end('{"error":{"message":"Not here."}}'))
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const accept = (socket: WebSocket, about: Pick<RealtimeSession, 'path' | 'headers'>) => {
    const messages: Json[] = []
    sessions.push({ ...about, messages, closed: once(socket, 'close') })
    const hear = begin({
      say: (message) => socket.send(binary ? Buffer.from(JSON.stringify(message)) : JSON.stringify(message)),
      close: (code, reason) => socket.close(code, reason),
    })
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const message = parseJson(data.toString())
      if (message !== undefined) messages.push(message)
      hear(message)
      if (message !== undefined) for (const tell of waiting) tell(message)
    })
  }
  http.on('upgrade', (request, socket, head) => {
    const { url = '', headers } = request
    if (!path.test(url)) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (open) => accept(open, { path: url, headers }))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port }: AddressInfo = Object(http.address())
  const drop = async () => {
    sockets.clients.forEach((socket) => socket.terminate())
    await Promise.all(sessions.map(({ closed }) => closed))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    sessions,
    next: (which) =>
      new Promise((resolve) => {
        const tell = (message: Json) => {
          if (!which(message)) return
          waiting.delete(tell)
          resolve(message)
        }
        waiting.add(tell)
      }),
    drop,
    async close() {
      await drop()
      http.close()
      await once(http, 'close')
    },
  }
}
