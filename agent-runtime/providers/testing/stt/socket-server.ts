import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { joinPcm } from '../../../../core/join-pcm.ts'
import type { Json } from '../../../../core/json.ts'

/** What came in over one connection, in order. */
export type Ear = Readonly<{
  path: string
  query: Readonly<Record<string, string>>
  headers: IncomingHttpHeaders
  /** Text messages; audio within them too. */
  texts: readonly string[]
  /** All audio as 16 kHz PCM16. */
  all: () => Int16Array
  /** Of it, what belongs to the utterance under way. */
  utterance: () => Int16Array
  add: (pcm: Int16Array) => void
  /** The utterance is over: what was heard of it. */
  end: () => string
  /** What is heard of the utterance so far. */
  soFar: () => string
  say: (message: Json) => void
  close: (code: number, reason: string) => void
  /** When the connection has ended. */
  closed: Promise<unknown>
}>

/** How a provider's own server answers. Source: the documentation that each dialect names. */
export type SttDialect = Readonly<{
  /** The key as this protocol sends it. */
  keyOf: (ear: Pick<Ear, 'headers' | 'query'>) => string | undefined
  open?: (ear: Ear) => void
  binary?: (ear: Ear, data: Buffer) => void
  text: (ear: Ear, message: string) => void
}>

export type SttSocketServer = Readonly<{
  url: string
  connections: readonly Ear[]
  /** Cuts every connection. */
  drop: () => void
  /** Cuts the next connection when it has heard this much; resolves when that has happened. */
  dropAfter: (samples: number) => Promise<void>
  /** Resolves when the next connection has heard this much. */
  heard: (samples: number) => Promise<void>
  open: () => number
  close: () => Promise<void>
}>

type Options = Readonly<{ key: string; hear: (pcm: Int16Array) => string }>

/** A streaming STT behind a real WebSocket. */
export async function startSttSocketServer(dialect: () => SttDialect, { key, hear }: Options): Promise<SttSocketServer> {
  const connections: Ear[] = []
  let drop: Readonly<{ samples: number; from: number }> | undefined
  let dropped = () => {}
  let listener: Readonly<{ samples: number; from: number; tell: () => void }> | undefined
  const http = createServer((_request, response) => void response.writeHead(404).end('{"error":{"message":"Not here."}}'))
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const about = { path: url.pathname, query: queryOf(url), headers: request.headers }
    const speaks = dialect()
    if (speaks.keyOf(about) !== key)
      return void socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n{"message":"Invalid credentials."}')
    sockets.handleUpgrade(request, socket, head, (open) => {
      const ear = createEar(open, about, hear)
      connections.push(ear)
      speaks.open?.(ear)
      open.on('error', () => {})
      open.on('message', (data, binary) => {
        if (binary) speaks.binary?.(ear, bytesOf(data))
        else {
          ear.heard(bytesOf(data).toString())
          speaks.text(ear, bytesOf(data).toString())
        }
        const index = connections.indexOf(ear)
        if (listener && index >= listener.from && ear.all().length >= listener.samples) {
          listener.tell()
          listener = undefined
        }
        if (!drop || index < drop.from || ear.all().length < drop.samples) return
        drop = undefined
        open.terminate()
        dropped()
      })
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port }: AddressInfo = Object(http.address())
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    drop: () => sockets.clients.forEach((socket) => socket.terminate()),
    dropAfter(samples) {
      drop = { samples, from: connections.length }
      return new Promise((resolve) => (dropped = resolve))
    },
    heard: (samples) => new Promise((tell) => (listener = { samples, from: connections.length, tell })),
    open: () => sockets.clients.size,
    async close() {
      sockets.clients.forEach((socket) => socket.terminate())
      http.close()
      await once(http, 'close')
    },
  }
}

const queryOf = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams)

function createEar(
  socket: WebSocket,
  about: Pick<Ear, 'path' | 'query' | 'headers'>,
  hear: Options['hear'],
): Ear & { heard: (text: string) => void } {
  const texts: string[] = []
  const all: Int16Array[] = []
  let utterance: Int16Array[] = []
  return {
    ...about,
    texts,
    heard: (text) => texts.push(text),
    all: () => joinPcm(all),
    utterance: () => joinPcm(utterance),
    add(pcm) {
      all.push(pcm)
      utterance.push(pcm)
    },
    end() {
      const text = hear(joinPcm(utterance))
      utterance = []
      return text
    },
    soFar: () => hear(joinPcm(utterance)),
    say: (message) => socket.send(JSON.stringify(message)),
    close: (code, reason) => socket.close(code, reason),
    closed: once(socket, 'close'),
  }
}

export const pcmOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)
