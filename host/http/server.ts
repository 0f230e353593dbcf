import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { choosePort } from './choose-port.ts'
import { answerFailures, earlyFailures } from './failure.ts'
import { fileRoutes } from './file-routes.ts'
import { createLiveKitProxy } from './livekit-proxy.ts'
import { openLogin } from './login.ts'
import { operationRoutes } from './operation-routes.ts'
import { createOriginGuard } from './origin-guard.ts'
import { pageRoutes } from './page-routes.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { ServedHost } from './served-host.ts'
import { attachSockets } from './sockets.ts'

/** An operation's input; the largest is an agent with a long prompt. Uploads have their own limit. */
const BODY_LIMIT = 4 * 1024 * 1024
const LOCALHOST = '127.0.0.1'

export type ServerOptions = Readonly<{
  host: ServedHost
  data_dir: string
  /** Absent: the port of the last start if it is free, else any. */
  port?: number
  renderer_dir: string
  log: Logger
  clock: () => number
}>

/** The studio on 127.0.0.1, and nowhere else. */
export type StudioServer = Readonly<{
  origin: string
  /** What the command line shows as `Authorization: Bearer`; new with each start. */
  token: string
  /** An address that logs one browser in, once. */
  loginUrl: () => string
  close: () => Promise<void>
}>

/** Throws `unavailable` when a port that was asked for is taken. */
export async function startServer(options: ServerOptions): Promise<StudioServer> {
  const { host, data_dir, renderer_dir, log, clock } = options
  const login = await openLogin(join(data_dir, 'login.json'), clock)
  const token = randomBytes(32).toString('base64url')
  const loggerInstance: FastifyBaseLogger = log
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    genReqId: () => v7(),
    ...earlyFailures,
  })
  const port = () => portOf(app)
  const origin = () => `http://127.0.0.1:${port()}`
  const loginUrl = () => `${origin()}/?token=${login.mintTicket()}`
  const guard = createOriginGuard(port, token, login)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    guard.requireHost(request.raw)
    if (!isLogin(request)) guard.identify(request.raw)
  })
  answerFailures(app, origin)
  operationRoutes(app, { host, guard, loginUrl })
  fileRoutes(app, { files: host.files, guard })
  const proxy = createLiveKitProxy(log)
  app.get<{ Params: { connection_id: string; '*': string } }>('/livekit/:connection_id/*', async (request, reply) => {
    const { connection_id, '*': rest } = request.params
    const { status, text } = await proxy.answer(
      () => host.signalUrl(guard.identify(request.raw), connection_id),
      rest,
      request.raw,
    )
    return reply.status(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(text)
  })
  await pageRoutes(app, { renderer_dir, login, guard })
  const sockets = attachSockets(app.server, { host, guard, proxy, log })
  await app.listen({ host: LOCALHOST, port: await choosePort(options.port, login.port()) })
  await login.setPort(port())
  return {
    origin: origin(),
    token,
    loginUrl,
    close: async () => {
      sockets.close()
      await app.close()
    },
  }
}

/** The one address that answers without a login: it makes one. */
const isLogin = ({ method, url }: FastifyRequest): boolean => method === 'GET' && (url === '/' || url.startsWith('/?'))

function portOf({ server }: FastifyInstance): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}
