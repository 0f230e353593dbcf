import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ServedRequest = Readonly<{ method: string; path: string; headers: IncomingHttpHeaders; body: string }>
export type HttpService = Readonly<{
  url: string
  requests: readonly ServedRequest[]
  /** Resolves with the next request that comes. */
  next: () => Promise<ServedRequest>
  /** Answers a request that came to `/wait`; resolves when there was one. */
  release: (body?: unknown) => void
  close: () => Promise<void>
}>

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/**
 * Another system that tools ask, over real HTTP. `/orders/ID` an order · `/echo` what came, headers included · `/status/N` that status ·
 * `/wait` nothing until it is released · `/big` 300 KB · `/escaped` and `/file` what came as authorization, in JSON
 * escapes and in the type · `/text` words · `/empty` nothing · `/loop` a redirect to itself · `/moved` a
 * redirect to /text · `/abroad` a redirect to another host · `/drop` a cut connection.
 */
export async function startHttpService(): Promise<HttpService> {
  const requests: ServedRequest[] = []
  let waiting: ((request: ServedRequest) => void)[] = []
  let held: ServerResponse[] = []
  const server = createServer((request, response) => {
    response.on('error', () => {})
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part))
    const { method = '', url: path = '', headers } = request
    const seen = { method, path, headers, body: Buffer.concat(parts).toString('utf8') }
    requests.push(seen)
    waiting.forEach((resolve) => resolve(seen))
    waiting = []
    const [, route = '', rest = ''] = path.split('?')[0]?.split('/') ?? []
    switch (route) {
      case 'orders':
        return void json(response, 200, { order_id: decodeURIComponent(rest), state: 'shipped' })
      case 'echo':
        return void json(response, 200, { method, path, headers, body: seen.body })
      case 'status':
        return void json(response, Number(rest), { message: 'as you wished', sent: headers.authorization })
      case 'wait':
        return void held.push(response)
      case 'big':
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(300 * 1024))
      case 'text':
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end('Open until six.')
      case 'escaped': {
        const escaped = [...(headers.authorization ?? '')].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(`{"sent":"${escaped}"}`)
      }
      case 'file':
        return void response.writeHead(200, { 'content-type': `application/pdf; key=${headers.authorization}` }).end('x')
      case 'empty':
        return void response.writeHead(204).end()
      case 'loop':
        return void response.writeHead(307, { location: '/loop' }).end()
      case 'moved':
        return void response.writeHead(303, { location: '/text' }).end()
      case 'abroad':
        return void response.writeHead(302, { location: 'http://localhost:9/text' }).end()
      default:
        return void response.destroy()
    }
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port }: AddressInfo = Object(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    release(body = { ok: true }) {
      for (const response of held) json(response, 200, body)
      held = []
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
