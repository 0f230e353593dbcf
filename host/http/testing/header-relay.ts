import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'

/** A server on loopback that passes everything on to `host` as a browser would ask it: with `headers`, and the token in the query. */
export async function startHeaderRelay(host: string, headers: () => Record<string, string>) {
  const [hostname, port] = host.split(':')
  const pass = ({ url = '/', method, headers: { authorization, ...asked } }: IncomingMessage) => {
    const token = authorization?.replace('Bearer ', '')
    const path = token === undefined ? url : `${url}${url.includes('?') ? '&' : '?'}access_token=${token}`
    return request({ hostname, port, path, method, headers: { ...asked, host, ...headers() } })
  }
  const server = createServer((asked, response) => {
    const passed = pass(asked)
    passed.on('response', (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(response)
    })
    passed.on('error', () => response.destroy())
    asked.pipe(passed)
  })
  server.on('upgrade', (asked, socket, head) => {
    const passed = pass(asked)
    passed.on('upgrade', (reply, upstream, first) => {
      const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${String(value)}`)
      socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'))
      socket.write(first)
      upstream.write(head)
      upstream.pipe(socket).on('error', () => upstream.destroy())
      socket.pipe(upstream).on('error', () => socket.destroy())
    })
    passed.on('response', (reply) => socket.end(`HTTP/1.1 ${reply.statusCode ?? 502} Refused\r\nContent-Length: 0\r\n\r\n`))
    passed.on('error', () => socket.destroy())
    passed.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
