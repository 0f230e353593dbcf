import type { ServerResponse } from 'node:http'
import { startRecordingServer, type RecordingServer } from '../../testing/recording-server.ts'

export type HttpService = RecordingServer<string> &
  Readonly<{
    /** Answers a request that came to `/wait`; resolves when there was one. */
    release: (body?: unknown) => void
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
  let held: ServerResponse[] = []
  const server = await startRecordingServer(String, ({ method, path, headers, body }, response) => {
    const [, route = '', rest = ''] = path.split('?')[0]?.split('/') ?? []
    switch (route) {
      case 'orders':
        return void json(response, 200, { order_id: decodeURIComponent(rest), state: 'shipped' })
      case 'echo':
        return void json(response, 200, { method, path, headers, body })
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
  })
  return {
    ...server,
    release(body = { ok: true }) {
      for (const response of held) json(response, 200, body)
      held = []
    },
  }
}
