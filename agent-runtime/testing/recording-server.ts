import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Recorded<Body> = Readonly<{ method: string; path: string; headers: IncomingHttpHeaders; body: Body }>
export type RecordingServer<Body> = Readonly<{
  url: string
  /** In the order in which they came. */
  requests: readonly Recorded<Body>[]
  /** Resolves with the next request that comes. */
  next: () => Promise<Recorded<Body>>
  /** Keeps what came another way. */
  keep: (request: Recorded<Body>) => void
  server: Server
  close: () => Promise<void>
}>

/** A real HTTP server on loopback that keeps what it is asked. An answer that throws cuts the connection. */
export async function startRecordingServer<Body>(
  bodyOf: (text: string) => Body,
  answer: (request: Recorded<Body>, response: ServerResponse) => unknown,
): Promise<RecordingServer<Body>> {
  const requests: Recorded<Body>[] = []
  let waiting: ((request: Recorded<Body>) => void)[] = []
  const keep = (request: Recorded<Body>) => {
    requests.push(request)
    waiting.forEach((resolve) => resolve(request))
    waiting = []
  }
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part))
    const { method = '', url: path = '', headers } = request
    const seen = { method, path, headers, body: bodyOf(Buffer.concat(parts).toString('utf8')) }
    keep(seen)
    await answer(seen, response)
  }
  const server = createServer((request, response) => {
    response.on('error', () => {})
    take(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port }: AddressInfo = Object(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    keep,
    server,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
