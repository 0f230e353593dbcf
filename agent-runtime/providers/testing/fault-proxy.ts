import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { GARBAGE, halfRate, halfRateLabel, halved, withoutAudio } from './fault-bytes.ts'
import type { Fault } from './fault.ts'
import { faultySockets } from './fault-socket.ts'
import { refusal } from './refusal.ts'

export type FaultProxy = Readonly<{
  /** The target's address with the proxy's host: paths stay the same. */
  url: string
  ws_url: string
  /** From now on; nothing makes it well. Requests under way keep the fault that they met. */
  fault: (fault?: Fault) => Promise<void>
  /** Requests and WebSockets that came in. */
  count: () => number
  /** Those of them that are not over yet. */
  open: () => number
  /** When none is open. */
  idle: () => Promise<void>
  close: () => Promise<void>
}>

const SLOW_MS = 250

/** Stands between an adapter and a well server (`http://127.0.0.1:…/any/path`), over HTTP and WebSocket. */
export async function startFaultProxy(target: string, { slow_ms = SLOW_MS } = {}): Promise<FaultProxy> {
  const origin = new URL(target)
  const connections = new Set<Socket>()
  const exchanges = watchExchanges()
  let fault: Fault | undefined
  const server = createServer((request, response) => {
    exchanges.begin(response)
    // One connection for each request, or a kept one would hide that nobody listens.
    response.shouldKeepAlive = false
    response.on('error', () => {})
    answer(request, response, { origin, fault, slow_ms }).catch(() => response.destroy())
  })
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', faultySockets({ origin, slow_ms, fault: () => fault, begin: exchanges.begin }))
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of connections) socket.destroy()
    await closed
  }
  await listen(0)
  const { port }: AddressInfo = Object(server.address())
  const address = (scheme: string) => `${scheme}://127.0.0.1:${port}${origin.pathname === '/' ? '' : origin.pathname}`
  return {
    url: address('http'),
    ws_url: address('ws'),
    async fault(next) {
      fault = next
      if (next === 'refused') await stop()
      else if (!server.listening) await listen(port)
    },
    count: exchanges.count,
    open: exchanges.open,
    idle: exchanges.idle,
    close: stop,
  }
}

type Exchange = Readonly<{ origin: URL; fault: Fault | undefined; slow_ms: number }>

async function answer(request: IncomingMessage, response: ServerResponse, { origin, fault, slow_ms }: Exchange): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  if (fault === 'hang') return
  const refused = refusal(fault, request)
  if (refused) return void response.writeHead(refused.status, refused.headers).end(refused.body)
  if (fault === 'garbage') return void response.writeHead(200, { 'content-type': 'text/html' }).end(GARBAGE)
  if (fault === 'slow_first_byte') await sleep(slow_ms)
  const { host: _host, connection: _connection, ...headers } = request.headers
  const forwarded = ask(new URL(request.url ?? '/', origin), { method: request.method, headers, agent: false })
  response.once('close', () => forwarded.destroy())
  forwarded.end(Buffer.concat(parts))
  const [well] = (await once(forwarded, 'response')) as [IncomingMessage]
  await pass(well, response, fault)
}

async function pass(well: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  const { connection: _connection, 'transfer-encoding': _encoding, 'content-length': _length, ...headers } = well.headers
  const type = fault === 'wrong_sample_rate' ? halfRateLabel(headers['content-type'] ?? '') : headers['content-type']
  response.writeHead(well.statusCode ?? 502, { ...headers, ...(type ? { 'content-type': type } : {}) })
  response.flushHeaders()
  if (fault === 'silent') return
  if (fault === 'half_json' || fault === 'wrong_sample_rate' || fault === 'empty_audio') {
    const parts: Buffer[] = []
    for await (const part of well) parts.push(Buffer.from(part))
    return void response.end(changed(Buffer.concat(parts), fault, /json|text/.test(type ?? '')))
  }
  for await (const part of well) {
    const bytes = Buffer.from(part)
    if (fault !== 'drop_midstream' && fault !== 'hang_midstream') {
      response.write(bytes)
      continue
    }
    // Half of it: a short answer may come in one piece.
    await new Promise<void>((resolve) => response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => resolve()))
    if (fault === 'drop_midstream') response.destroy()
    return
  }
  response.end()
}

function changed(body: Buffer, fault: 'half_json' | 'wrong_sample_rate' | 'empty_audio', is_text: boolean): Buffer {
  if (fault === 'half_json') return halved(body)
  if (fault === 'wrong_sample_rate') return is_text ? Buffer.from(halfRateLabel(body.toString('utf8'))) : halfRate(body)
  return is_text ? Buffer.from(eventsWithoutAudio(body.toString('utf8'))) : Buffer.alloc(0)
}

/** One JSON, JSON lines, or server-sent events. */
const eventsWithoutAudio = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('data:') ? `data: ${withoutAudio(line.slice(5).trim())}` : withoutAudio(line)))
    .join('\n')

function watchExchanges() {
  const open = new Set<object>()
  let waiting: (() => void)[] = []
  let count = 0
  return {
    begin(exchange: { once: (event: 'close', listener: () => void) => unknown }) {
      count++
      open.add(exchange)
      exchange.once('close', () => {
        open.delete(exchange)
        if (open.size > 0) return
        for (const resolve of waiting) resolve()
        waiting = []
      })
    },
    count: () => count,
    open: () => open.size,
    idle: () => (open.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
  }
}
