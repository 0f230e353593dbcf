import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { parseJson, type Json } from '../../../core/json.ts'
import { answerTo, callsIn } from './prompt-reader.ts'
import type { LlmProtocol } from './llm-protocol.ts'

export type LlmRequest = Readonly<{ method: string; path: string; headers: IncomingHttpHeaders; body: Json | undefined }>
export type LlmServer = Readonly<{
  url: string
  requests: readonly LlmRequest[]
  /** The next one that comes. */
  next: () => Promise<LlmRequest>
  close: () => Promise<void>
}>

/** Streams what an obedient LLM would answer, over real HTTP, in one vendor's protocol; a request that it does not allow is refused. */
export async function startLlmServer(protocol: LlmProtocol): Promise<LlmServer> {
  const requests: LlmRequest[] = []
  let waiting: ((request: LlmRequest) => void)[] = []
  const server = createServer((request, response) => {
    response.on('error', () => {})
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part))
    const body = parseJson(Buffer.concat(parts).toString('utf8'))
    const { method = '', url: path = '', headers } = request
    const seen = { method, path, headers, body }
    requests.push(seen)
    waiting.forEach((resolve) => resolve(seen))
    waiting = []
    const problem = protocol.path.test(path) ? protocol.problem(body, headers) : `There is nothing at ${path}`
    if (problem) {
      const refusal = JSON.stringify({ error: { type: 'invalid_request_error', message: problem } })
      return void response.writeHead(400, { 'content-type': 'application/json' }).end(refusal)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const asked = protocol.read(body)
    const calls = callsIn(asked)
    for (const event of calls.length > 0 ? protocol.calls(calls, asked) : protocol.events(answerTo(asked))) {
      response.write(`${event}\n\n`)
      await turn()
    }
    response.end()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port }: AddressInfo = Object(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
