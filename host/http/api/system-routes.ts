/*
 * How the server is. Threat: what it says of itself (addresses of stores, traffic of customers) tells a stranger where to push. Whether it
 * lives and may be sent work is for everybody, in a status; more is for operators, and for everybody where the server was told so (a
 * cluster whose network keeps strangers out). From where a request comes says nothing: a proxy on this machine passes strangers on.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { hasRole } from '../../../core/contract/caller.ts'
import { StudioError } from '../../../core/contract/errors.ts'
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
  /** Throws what the door says, and `forbidden`. */
  const requireLook = async ({ headers, ip }: FastifyRequest): Promise<void> => {
    if (open_metrics) return
    const { caller, refused } = await enter(headers, ip)
    if (refused) throw refused
    if (!hasRole(caller.role, 'operator')) throw notForYou()
  }
  const mayLook = (request: FastifyRequest): Promise<boolean> =>
    requireLook(request).then(
      () => true,
      // Whoever may not be known is told as little as everybody.
      () => false,
    )
  app.get('/healthz', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const { ready, detail } = await readiness()
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    return (await mayLook(request)) ? { ready, ...detail } : { ready }
  })
  app.get('/metrics', async (request, reply) => {
    await requireLook(request)
    const { type, body } = await metrics.text()
    return reply.header('cache-control', 'no-store').type(type).send(body)
  })
}

const notForYou = (): StudioError =>
  new StudioError(
    'forbidden',
    'Metrics are for operators.',
    'Ask with an operator’s key, or start the server with GREENROOM_OPEN_METRICS=on where its network or its proxy keeps strangers out.',
  )
