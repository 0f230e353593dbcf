import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { StudioError } from '../../../core/contract/errors.ts'
import { createApi, type ApiOptions } from './create-api.ts'
import type { OpenRequests } from './rest-routes.ts'

export type StartApi = Omit<ApiOptions, 'open'> &
  Readonly<{
    listen: Readonly<{ host: string; ports: readonly number[] }>
    /** How long requests that run may go on after the word to stop, ms. */
    closing_ms?: number
  }>

export type RunningApi = Readonly<{
  /** One for each port, as http://HOST:PORT. */
  addresses: readonly string[]
  /** Takes no more, finishes what runs within its time, and cuts the rest off. */
  close: () => Promise<void>
}>

const CLOSING_MS = 10_000
const LOOK_MS = 50

/** The production API on its ports. Throws `unavailable` when one of them is taken, and listens on none then. */
export async function startApi({ listen, closing_ms = CLOSING_MS, ...options }: StartApi): Promise<RunningApi> {
  const open: OpenRequests = new Set()
  const apps: FastifyInstance[] = []
  const sockets = new Set<Socket>()
  const close = () => closeAll(apps, { open, sockets, closing_ms })
  try {
    for (const port of listen.ports) {
      const app = await createApi({ ...options, open })
      apps.push(app)
      app.server.on('connection', (socket: Socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      await app.listen({ host: listen.host, port })
    }
  } catch (cause) {
    await close()
    throw refusal(cause, listen)
  }
  return { addresses: apps.map((app) => addressOf(app, listen.host)), close }
}

type Closing = Readonly<{ open: OpenRequests; sockets: ReadonlySet<Socket>; closing_ms: number }>

async function closeAll(apps: readonly FastifyInstance[], { open, sockets, closing_ms }: Closing): Promise<void> {
  const cut = setTimeout(() => {
    for (const request of open) request.abort()
    for (const app of apps) app.server.closeAllConnections()
  }, closing_ms)
  // Those whose last answer has gone out meanwhile, and those that clients have opened beforehand and never used.
  const looking = setInterval(() => {
    for (const app of apps) app.server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }, LOOK_MS)
  await Promise.all(apps.map((app) => app.close()))
  clearTimeout(cut)
  clearInterval(looking)
}

function addressOf({ server }: FastifyInstance, host: string): string {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function refusal(cause: unknown, { host, ports }: StartApi['listen']): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || !['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(String(cause.code)))
    return cause
  const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${String(cause.code)})`
  return new StudioError(
    'unavailable',
    `A port of ${host} (${ports.join(', ')}) ${why}.`,
    'Choose another port or address.',
    [],
    { cause },
  )
}
