/*
 * Threat model: the page reaches LiveKit servers through this origin, so that its policy needs no other. That makes the host a door to
 * addresses inside a network. It opens only for who is logged in (the guard ran before), leads only to servers that are stored as
 * connections, and only to the few paths of the signalling: never to a server's API, and never to an address that a request names.
 * Nothing of our own goes along: no cookie, no origin, no authorization of the studio; the token stands in the query, as LiveKit's own
 * clients send it, and is not logged. After the upgrade bytes are passed on as they are; each side's end ends the other, a side that
 * takes nothing stops the other one by back-pressure, and there are never more tunnels than a studio can use.
 */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'

/** What livekit-client asks for: a WebSocket at the first two, and why it was refused at the others. */
const SOCKET_PATHS: ReadonlySet<string> = new Set(['rtc', 'rtc/v1'])
const QUESTION_PATHS: ReadonlySet<string> = new Set(['rtc/validate', 'rtc/v1/validate'])

const CONNECT_WITHIN_MS = 10_000
const MOST_TUNNELS = 64
/** An answer to a question is a sentence. */
const MOST_ANSWER = 64 * 1024
const FORWARDED = [
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
  'sec-websocket-protocol',
  'user-agent',
]
const ANSWERED = ['sec-websocket-accept', 'sec-websocket-extensions', 'sec-websocket-protocol']

/** Where the signalling goes: ws:// or wss:// of the server, without a slash at its end. */
export type SignalTarget = () => Promise<string>

/** Whatever a server says, it is plain text here and never a page of this origin. */
export type ProxyAnswer = Readonly<{ status: number; text: Buffer }>

export type LiveKitProxy = Readonly<{
  /** `rest`: what stands behind the connection in the path. Throws `not_found`; `unavailable` when the server does not answer. */
  answer: (target: SignalTarget, rest: string, request: IncomingMessage) => Promise<ProxyAnswer>
  /** Takes the socket over, whatever becomes of it. Throws `not_found` and `rate_limited` before it does. */
  upgrade: (target: SignalTarget, rest: string, request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** Tunnels that are open. */
  tunnels: () => number
}>

export function createLiveKitProxy(log: Logger): LiveKitProxy {
  const open = new Set<Duplex>()

  async function tunnel(target: SignalTarget, rest: string, request: IncomingMessage, socket: Duplex, head: Buffer) {
    const asked = ask(await target(), rest, request, { connection: 'Upgrade', upgrade: 'websocket' })
    socket.once('close', () => asked.destroy())
    // The client hears the server's own status, and asks the question path for the reason.
    asked.once('response', (reply) => {
      reply.resume()
      refuse(socket, reply.statusCode ?? 502)
    })
    asked.once('error', (cause) => {
      log.debug({ err: cause }, 'a LiveKit server could not be reached for its signalling')
      refuse(socket, 502)
    })
    asked.once('upgrade', (reply, upstream, upstreamHead) => {
      socket.write(upgradeAnswer(reply))
      if (upstreamHead.length > 0) socket.write(upstreamHead)
      if (head.length > 0) upstream.write(head)
      join(socket, upstream)
    })
    asked.end()
  }

  return {
    async answer(target, rest, request) {
      if (!QUESTION_PATHS.has(rest) || request.method !== 'GET') throw notThere()
      return question(ask(await target(), rest, request, {}))
    },
    upgrade(target, rest, request, socket, head) {
      if (!SOCKET_PATHS.has(rest)) throw notThere()
      if (open.size >= MOST_TUNNELS)
        throw new StudioError('rate_limited', 'Too many room calls are open.', 'Close windows that are not needed.')
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.on('error', () => socket.destroy())
      tunnel(target, rest, request, socket, head).catch((cause: unknown) => {
        log.debug({ err: cause }, 'a signalling connection could not be opened')
        refuse(socket, cause instanceof StudioError && cause.code === 'not_found' ? 404 : 502)
      })
    },
    tunnels: () => open.size,
  }
}

/** The path comes from the list above, the host from a stored connection; of the request only its query and a few headers go along. */
function ask(server: string, rest: string, { url = '', headers }: IncomingMessage, extra: Record<string, string>): ClientRequest {
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  const address = new URL(`${server.replace(/^ws/, 'http')}/${rest}${query}`)
  const along = FORWARDED.flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  const request = address.protocol === 'https:' ? httpsRequest : httpRequest
  const asked = request(address, { method: 'GET', headers: { ...Object.fromEntries(along), ...extra }, agent: false })
  const late = setTimeout(() => asked.destroy(new Error('the server does not answer')), CONNECT_WITHIN_MS)
  for (const event of ['response', 'upgrade', 'close']) asked.once(event, () => clearTimeout(late))
  return asked
}

function question(asked: ClientRequest): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    asked.once('error', (cause) => reject(unreachable(cause)))
    asked.once('response', (reply) => void readAnswer(reply).then(resolve, (cause: unknown) => reject(unreachable(cause))))
    asked.end()
  })
}

async function readAnswer(reply: IncomingMessage): Promise<ProxyAnswer> {
  const parts: Buffer[] = []
  let size = 0
  const chunks: AsyncIterable<Buffer> = reply
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > MOST_ANSWER) throw new Error('the answer is too long')
    parts.push(chunk)
  }
  return { status: reply.statusCode ?? 502, text: Buffer.concat(parts) }
}

function upgradeAnswer({ headers }: IncomingMessage): string {
  const lines = ANSWERED.flatMap((name) => (typeof headers[name] === 'string' ? [`${name}: ${headers[name]}`] : []))
  return ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', ...lines, '', ''].join('\r\n')
}

function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    if (from instanceof Socket) from.setNoDelay(true).setKeepAlive(true, 15_000)
    from.on('error', () => to.destroy())
    from.once('close', () => to.destroy())
    from.pipe(to)
  }
}

function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy()
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}

const notThere = (): StudioError =>
  new StudioError('not_found', 'There is nothing at this address.', 'Only the signalling of a LiveKit server is passed on.')

const unreachable = (cause: unknown): StudioError =>
  new StudioError(
    'unavailable',
    `The LiveKit server cannot be reached (${cause instanceof Error ? cause.message : String(cause)}).`,
    'Test the connection in Settings → LiveKit.',
  )
