/*
 * Threat model: while an invitation is open, this listens on the local network, where anybody may try. It is no part of the studio: it
 * knows one room, gives the join-only page and its files, and passes the signalling of that one room on. The link holds a secret of 192
 * bits in its fragment, which no server and no referrer ever sees; it is taken once, by the first browser, which gets a cookie for its
 * reloads; until `expires_at`. A token is for one guest in one room and has a guest's grants; only tokens of that guest and room pass
 * the tunnel. The Host header must be this address (no rebinding), the Origin this page. TLS by a certificate of its own hides all of it
 * from the network; who compares the fingerprint also knows that nobody sits in between. Guessing costs the listener its life, as long
 * as nobody is in.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { TokenVerifier } from 'livekit-server-sdk'
import type { Logger } from 'pino'
import * as z from 'zod'
import { sameText } from '../../http/login.ts'
import { createLiveKitProxy } from '../../http/livekit-proxy.ts'
import type { LiveConnection } from '../../livekit/live-connection.ts'
import { callerToken } from '../../livekit/tokens.ts'
import { createCertificate } from './certificate.ts'
import type { JoinPage } from './join-page.ts'

export type JoinListener = Readonly<{
  url: string
  fingerprint: string
  /** The guest's identity in the room, once somebody took the link. */
  guest: () => string | undefined
  /** No more guests; who is in stays until they leave, then it closes. */
  stopInviting: () => void
  close: () => Promise<void>
  /** Resolves when it has closed, by whomever. */
  closed: Promise<void>
}>

export type JoinListenerOptions = Readonly<{
  /** Where it listens, and nowhere else. */
  address: string
  page: JoinPage
  connection: LiveConnection
  room_name: string
  log: Logger
  now: () => number
}>

const COOKIE = 'greenroom-guest'
const MOST_GUESSES = 20
const MOST_BODY = 1_024
const TOKEN_MINUTES = 5
/** A guest whose network changes is away for a moment. */
const GRACE_MS = 60_000

const Asked = z.object({ secret: z.string().max(100).optional(), name: z.string().trim().max(60) })

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'permissions-policy': 'microphone=(self), camera=(), geolocation=(), display-capture=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const

export async function openJoinListener(options: JoinListenerOptions): Promise<JoinListener> {
  const { address, page, connection, room_name, log, now } = options
  const { key, cert, fingerprint } = await createCertificate(address, now())
  const proxy = createLiveKitProxy(log)
  const secret = randomBytes(24).toString('base64url')
  const cookie = randomBytes(24).toString('base64url')
  const identity = `guest-${randomBytes(8).toString('hex')}`
  const verifier = new TokenVerifier(connection.api_key, connection.api_secret)
  let inviting = true
  let taken = false
  let guesses = 0
  const sockets = new Set<Duplex>()

  const server = createServer({ key, cert, requestTimeout: 10_000, headersTimeout: 10_000 })
  server.maxConnections = 30
  const host = () => {
    const at = server.address()
    return `${address}:${typeof at === 'object' && at ? at.port : 0}`
  }
  const isGuest = ({ headers }: IncomingMessage) => taken && sameText(cookieOf(headers.cookie) ?? '', cookie)
  const isOurs = ({ headers }: IncomingMessage) => headers.host === host()

  /** The token that goes into the tunnel is one of this guest and this room, made here or renewed by the server. */
  async function hasToken({ url = '' }: IncomingMessage): Promise<boolean> {
    const token = new URL(url, 'https://host').searchParams.get('access_token') ?? ''
    try {
      const { sub, video } = await verifier.verify(token)
      return sub === identity && video?.room === room_name && video.roomJoin === true
    } catch {
      return false
    }
  }

  async function join(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.origin !== `https://${host()}`) return say(response, 403)
    const asked = Asked.safeParse(await bodyOf(request))
    if (!asked.success) return say(response, 400)
    const known = isGuest(request)
    if (!known) {
      if (!inviting) return say(response, 410)
      if (!sameText(asked.data.secret ?? '', secret)) {
        guesses += 1
        // Behind the first guest there is nothing left to guess, and nobody on the network may throw them out.
        if (guesses >= MOST_GUESSES && !taken) void close()
        return say(response, 403)
      }
      if (taken) return say(response, 409)
      taken = true
    }
    const name = asked.data.name || 'Guest'
    const token = await callerToken(connection, { room_name, identity, name }, TOKEN_MINUTES)
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'application/json',
      'set-cookie': `${COOKIE}=${cookie}; Path=/; Secure; HttpOnly; SameSite=Strict`,
    })
    response.end(JSON.stringify({ token }))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurs(request)) return say(response, 403)
    const { pathname } = new URL(request.url ?? '/', 'https://host')
    if (request.method === 'POST' && pathname === '/join') return join(request, response)
    const file = request.method === 'GET' ? page.get(pathname) : undefined
    if (file) return void response.writeHead(200, { ...HEADERS, 'content-type': file.type }).end(file.body)
    if (!pathname.startsWith('/livekit/')) return say(response, 404)
    if (!isGuest(request) || !(await hasToken(request))) return say(response, 401)
    const { status, text } = await proxy.answer(async () => connection.url, pathname.slice('/livekit/'.length), request)
    response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' }).end(text)
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'https://host')
    const isPage = isOurs(request) && request.headers.origin === `https://${host()}`
    if (!isPage || !isGuest(request) || !pathname.startsWith('/livekit/') || !(await hasToken(request))) {
      return void socket.end('HTTP/1.1 401 Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    }
    proxy.upgrade(async () => connection.url, pathname.slice('/livekit/'.length), request, socket, head)
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((cause: unknown) => {
      log.debug({ err: cause }, 'a guest could not be answered')
      if (!response.headersSent) say(response, 404)
      else response.destroy()
    })
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      sockets.delete(socket)
      if (!inviting) closeWhenEmpty()
    })
    upgrade(request, socket, head).catch(() => socket.destroy())
  })
  server.on('tlsClientError', (cause) => log.debug({ err: cause }, 'a device did not take the certificate'))

  const closed = once(server, 'close').then(() => undefined)
  const closeWhenEmpty = (): void => {
    if (sockets.size > 0) return
    setTimeout(() => {
      if (sockets.size === 0) void close()
    }, GRACE_MS).unref()
  }
  const close = async (): Promise<void> => {
    inviting = false
    for (const socket of sockets) socket.destroy()
    server.close()
    server.closeAllConnections()
    await closed
  }

  server.listen(0, address)
  await once(server, 'listening')
  return {
    url: `https://${host()}/#${secret}`,
    fingerprint,
    guest: () => (taken ? identity : undefined),
    stopInviting: () => {
      inviting = false
      if (sockets.size === 0) void close()
    },
    close,
    closed,
  }
}

const say = (response: ServerResponse, status: number): void => void response.writeHead(status, HEADERS).end()

function cookieOf(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === COOKIE) return value.join('=')
  }
  return undefined
}

/** Undefined when it is none, or too long. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: AsyncIterable<Buffer> = request
  let text = ''
  for await (const chunk of chunks) {
    text += chunk.toString()
    if (text.length > MOST_BODY) return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
