import { createServer, type Server } from 'node:http'
import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { isLoopback } from '../../core/providers/index.ts'
import type { Metrics } from './metrics.ts'

/** Whether work may be sent here, and why not. */
export type Readiness = Readonly<{ ready: boolean; detail: JsonObject }>

export type HealthServer = Readonly<{ addresses: readonly string[]; close: () => Promise<void> }>
type Health = Readonly<{ readiness: () => Promise<Readiness>; metrics: Pick<Metrics, 'text'> }>

/**
 * `/healthz`, `/readyz` and `/metrics` alone, for a worker that serves nothing else. Away from loopback, metrics and details are told only
 * where the server was told to (`open_metrics`), as by the API. Rejects with `unavailable` when the port is taken.
 */
export async function startHealthServer(
  { host, port, open_metrics = false }: Readonly<{ host: string; port: number; open_metrics?: boolean }>,
  health: Health,
): Promise<HealthServer> {
  const open = open_metrics || isLoopback(`http://${authority(host)}`)
  const server = createServer((request, reply) => {
    answer(request.url?.split('?', 1)[0], health, open)
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
    addresses: [`http://${authority(host)}:${bound}`],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer = Readonly<{ status: number; type?: string; body: string }>

const authority = (host: string): string => (host.includes(':') ? `[${host}]` : host)

async function answer(path: string | undefined, { readiness, metrics }: Health, open: boolean): Promise<Answer> {
  if (path === '/healthz') return { status: 200, body: JSON.stringify({ status: 'ok' }) }
  if (path === '/metrics' && !open) return { status: 403, body: JSON.stringify({ error: CLOSED }) }
  if (path === '/metrics') return { status: 200, ...(await metrics.text()) }
  if (path !== '/readyz') return { status: 404, body: JSON.stringify({ error: 'There are /healthz, /readyz and /metrics.' }) }
  const { ready, detail } = await readiness()
  return { status: ready ? 200 : 503, body: JSON.stringify({ ready, ...(open && detail) }) }
}

const CLOSED = 'Start the worker with GREENROOM_OPEN_METRICS=on where its network keeps strangers out, or at 127.0.0.1.'

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code ?? cause.message})`
      reject(new StudioError('unavailable', `Port ${port} of ${host} ${why}.`, 'Choose another port or address.', [], { cause }))
    })
    server.listen(port, host, resolve)
  })
