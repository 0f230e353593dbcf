import { createServer, type Server } from 'node:http'
import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Metrics } from './metrics.ts'

/** Whether work may be sent here, and why not. */
export type Readiness = Readonly<{ ready: boolean; detail: JsonObject }>

export type HealthServer = Readonly<{ addresses: readonly string[]; close: () => Promise<void> }>
type Health = Readonly<{ readiness: () => Promise<Readiness>; metrics: Pick<Metrics, 'text'> }>

/** `/healthz`, `/readyz` and `/metrics` alone, for a worker that serves nothing else. Rejects with `unavailable` when the port is taken. */
export async function startHealthServer(
  { host, port }: Readonly<{ host: string; port: number }>,
  health: Health,
): Promise<HealthServer> {
  const server = createServer((request, reply) => {
    answer(request.url?.split('?', 1)[0], health)
      .then(({ status, type = 'application/json', body }) => {
        reply.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' })
        reply.end(body)
      })
      .catch(() => reply.writeHead(500).end())
  })
  await listen(server, host, port)
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return {
    addresses: [`http://${host.includes(':') ? `[${host}]` : host}:${bound}`],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer = Readonly<{ status: number; type?: string; body: string }>

async function answer(path: string | undefined, { readiness, metrics }: Health): Promise<Answer> {
  if (path === '/healthz') return { status: 200, body: JSON.stringify({ status: 'ok' }) }
  if (path === '/metrics') return { status: 200, ...(await metrics.text()) }
  if (path !== '/readyz') return { status: 404, body: JSON.stringify({ error: 'There are /healthz, /readyz and /metrics.' }) }
  const { ready, detail } = await readiness()
  return { status: ready ? 200 : 503, body: JSON.stringify({ ready, ...detail }) }
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code ?? cause.message})`
      reject(new StudioError('unavailable', `Port ${port} of ${host} ${why}.`, 'Choose another port or address.', [], { cause }))
    })
    server.listen(port, host, resolve)
  })
