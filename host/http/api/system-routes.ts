/*
 * How the server is. Threat: what it says of itself (addresses of stores, traffic of customers) tells a stranger where to push. Whether it
 * lives and may be sent work is for everybody, in a status; more is for this machine alone, for operators, and for everybody where the
 * server was told so (a cluster whose network keeps strangers out). A request that a proxy passed on is not from this machine.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hasRole } from '../../../core/contract/caller.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { isLoopback } from '../../../core/providers/index.ts'
import type { Readiness } from '../health-server.ts'
import type { Metrics } from '../metrics.ts'
import type { Enter } from './rest-routes.ts'

type SystemDeps = Readonly<{
  readiness: () => Promise<Readiness>
  metrics: Metrics
  enter: Enter
  /** Details and metrics are for everybody who reaches the port. */
  open_metrics: boolean
}>

export function systemRoutes(app: FastifyInstance, { readiness, metrics, enter, open_metrics }: SystemDeps): void {
  const mayLook = async (request: FastifyRequest): Promise<boolean> => {
    if (open_metrics || isFromHere(request)) return true
    const entry = await enter(request.headers, request.ip).catch(() => undefined)
    return entry !== undefined && entry.refused === undefined && hasRole(entry.caller.role, 'operator')
  }
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const { ready, detail } = await readiness()
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    return (await mayLook(request)) ? { ready, ...detail } : { ready }
  })
  app.get('/metrics', async (request, reply) => {
    if (!(await mayLook(request))) throw notForYou()
    const { type, body } = await metrics.text()
    return reply.header('cache-control', 'no-store').type(type).send(body)
  })
}

function isFromHere({ ip, headers }: FastifyRequest): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  const address = ip.replace(/^::ffff:/, '')
  return isLoopback(`http://${address.includes(':') ? `[${address}]` : address}`)
}

const notForYou = (): StudioError =>
  new StudioError(
    'forbidden',
    'Metrics are for this machine and for operators.',
    'Ask with an operator’s key, or start the server with GREENROOM_OPEN_METRICS=on where its network keeps strangers out.',
  )
