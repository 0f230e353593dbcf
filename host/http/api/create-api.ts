import type { IncomingHttpHeaders } from 'node:http'
import compress from '@fastify/compress'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import { operations } from '../../../core/contract/index.ts'
import type { Readiness } from '../health-server.ts'
import type { Metrics } from '../metrics.ts'
import { API_HEADERS } from './api-headers.ts'
import { answerApiFailures, earlyApiFailures } from './api-failure.ts'
import { allowOrigins } from './cors.ts'
import { docsRoutes } from './docs-routes.ts'
import { readJsonBodies } from './json-body.ts'
import { openApiDocument } from './openapi.ts'
import { restRoutes, type AskOperation, type Enter, type OpenRequests } from './rest-routes.ts'
import { restTable, type RestRow } from './rest-table.ts'
import { systemRoutes } from './system-routes.ts'

/** The largest input is a store's call of another Greenroom; an agent has its own limits. */
const BODY_LIMIT = 8 * 1024 * 1024
/** Whole requests, and their headers: who sends a byte now and then holds no connection for ever. */
const REQUEST_MS = 60_000
const HEADERS_MS = 15_000
const KEEP_ALIVE_MS = 72_000
const WORTH_COMPRESSING = 1400

export type ApiOptions = Readonly<{
  dispatch: AskOperation
  enter: Enter
  readiness: () => Promise<Readiness>
  metrics: Metrics
  log: Logger
  version: string
  /** Origins whose pages may use the API. */
  origins?: readonly string[]
  /** Metrics and details of readiness are for everybody who reaches the port. */
  open_metrics?: boolean
  /** Proxies, beside those of this machine, that are believed when they say for whom they ask (`x-forwarded-for`). */
  trusted_proxies?: readonly string[]
  open: OpenRequests
}>

/** The production API as a server that does not listen yet. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const {
    dispatch,
    enter,
    readiness,
    metrics,
    log,
    version,
    origins = [],
    open_metrics = false,
    trusted_proxies = [],
    open,
  } = options
  const rows = restTable(operations)
  const loggerInstance: FastifyBaseLogger = log
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: ['loopback', ...trusted_proxies],
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 5000 },
    loggerInstance,
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    ...earlyApiFailures,
  })
  // With callbacks and without a log of its own: this is done for every request.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(API_HEADERS).header('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requested({ method: request.method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
    done()
  })
  allowOrigins(app, origins)
  await app.register(compress, {
    threshold: WORTH_COMPRESSING,
    encodings: ['gzip', 'deflate', 'identity'],
    globalDecompression: false,
  })
  readJsonBodies(app)
  answerApiFailures(app, methodsAt(rows))
  await docsRoutes(app, openApiDocument(rows, version))
  systemRoutes(app, { readiness, metrics, enter, open_metrics })
  restRoutes(app, rows, { dispatch, enter, open })
  return app
}

/** A client's own name for its request is kept when it can stand in a log; else a number of this server, which has a name of its own. */
function requestIds(): (request: { headers: IncomingHttpHeaders }) => string {
  const server = v7()
  let count = 0
  return ({ headers }) => {
    const given = headers['x-request-id']
    return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : `${server}-${(count += 1)}`
  }
}

/** What an address takes, when it is one. */
function methodsAt(rows: readonly RestRow[]): (path: string) => readonly string[] {
  const patterns = rows.map(({ rest }) => ({
    method: rest.method,
    shape: new RegExp(`^${rest.path.replaceAll(/[.]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}/?$`),
  }))
  return (path) => [...new Set(patterns.filter(({ shape }) => shape.test(path)).map(({ method }) => method))]
}
