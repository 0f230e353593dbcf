import { createServer, type Server } from 'node:http'
import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'

/** Whether work may be sent here, and why not. */
export type Readiness = Readonly<{ ready: boolean; detail: JsonObject }>

export type HealthServer = Readonly<{ address: string; close: () => Promise<void> }>

/** `/healthz` and `/readyz` alone, for a worker that serves nothing else. Rejects with `unavailable` when the port is taken. */
export async function startHealthServer(
  { host, port }: Readonly<{ host: string; port: number }>,
  readiness: () => Promise<Readiness>,
): Promise<HealthServer> {
  const server = createServer((request, reply) => {
    answer(request.url ?? '', readiness)
      .then(({ status, body }) => {
        reply.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        reply.end(JSON.stringify(body))
      })
      .catch(() => reply.writeHead(500).end())
  })
  await listen(server, host, port)
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(url: string, readiness: () => Promise<Readiness>): Promise<Readonly<{ status: number; body: JsonObject }>> {
  const path = url.split('?', 1)[0]
  if (path === '/healthz') return { status: 200, body: { status: 'ok' } }
  if (path !== '/readyz') return { status: 404, body: { error: 'There are only /healthz and /readyz here.' } }
  const { ready, detail } = await readiness()
  return { status: ready ? 200 : 503, body: { ready, ...detail } }
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code ?? cause.message})`
      reject(new StudioError('unavailable', `Port ${port} of ${host} ${why}.`, 'Choose another port or address.', [], { cause }))
    })
    server.listen(port, host, resolve)
  })
