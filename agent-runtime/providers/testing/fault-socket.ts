import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { GARBAGE, halfRate, halfRateLabel, halved, withoutAudio } from './fault-bytes.ts'
import type { Fault } from './fault.ts'
import { refusal } from './refusal.ts'

type Options = Readonly<{
  origin: URL
  slow_ms: number
  fault: () => Fault | undefined
  begin: (exchange: { once: (event: 'close', listener: () => void) => unknown }) => void
}>
type Message = Readonly<{ data: Buffer; binary: boolean }>

/** The listener for `upgrade`: WebSockets are passed on message by message, with the fault of the moment in what the server sends. */
export function faultySockets({ origin, slow_ms, fault, begin }: Options) {
  const server = new WebSocketServer({ noServer: true, handleProtocols: (protocols) => [...protocols][0] ?? false })
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const met = fault()
    begin(socket)
    socket.on('error', () => {})
    if (met === 'hang') {
      // Read, or its end would never be noticed.
      socket.on('end', () => socket.destroy())
      return void socket.resume()
    }
    const refused = refusal(met, request)
    if (refused) {
      const headers = Object.entries({ ...refused.headers, 'content-length': String(Buffer.byteLength(refused.body)) })
      const lines = headers.map(([name, value]) => `${name}: ${value}`)
      return void socket.end(
        `HTTP/1.1 ${refused.status} Refused\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${refused.body}`,
      )
    }
    server.handleUpgrade(request, socket, head, (near) => connect(near, request, origin, met, slow_ms))
  }
}

function connect(near: WebSocket, request: IncomingMessage, origin: URL, fault: Fault | undefined, slow_ms: number): void {
  const address = new URL(request.url ?? '/', origin)
  address.protocol = 'ws:'
  const { host: _host, connection: _connection, upgrade: _upgrade, ...all } = request.headers
  const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('sec-websocket')))
  const protocols = request.headers['sec-websocket-protocol']?.split(/,\s*/) ?? []
  const far = new WebSocket(address, protocols, { headers })
  const waiting: Message[] = []
  let passed = 0
  near.on('message', (raw, binary) => {
    const data = bytesOf(raw)
    if (far.readyState === WebSocket.OPEN) far.send(data, { binary })
    else waiting.push({ data, binary })
  })
  far.on('open', () => {
    for (const { data, binary } of waiting.splice(0)) far.send(data, { binary })
  })
  far.on('message', (raw, binary) => {
    const index = passed++
    if (fault === 'silent' || (fault === 'hang_midstream' && index > 0)) return
    if (fault === 'drop_midstream' && index > 0) return near.terminate()
    const message = changed({ data: bytesOf(raw), binary }, fault)
    const send = () => message && near.readyState === WebSocket.OPEN && near.send(message.data, { binary: message.binary })
    if (fault === 'slow_first_byte') setTimeout(send, slow_ms)
    else send()
  })
  near.on('close', () => far.terminate())
  // An end that overtakes late messages would be another fault.
  far.on('close', (code, reason) => {
    if (fault === 'silent' || fault === 'hang_midstream') return
    const close = () => near.close(code >= 1000 && code !== 1005 && code !== 1006 ? code : 1000, reason)
    if (fault === 'slow_first_byte') setTimeout(close, slow_ms)
    else close()
  })
  near.on('error', () => {})
  far.on('error', () => near.terminate())
}

function changed({ data, binary }: Message, fault: Fault | undefined): Message | undefined {
  switch (fault) {
    case 'garbage':
      return { data: Buffer.from(GARBAGE), binary: false }
    case 'half_json':
      return { data: halved(data), binary }
    case 'wrong_sample_rate':
      return { data: binary ? halfRate(data) : Buffer.from(halfRateLabel(data.toString('utf8'))), binary }
    case 'empty_audio':
      return binary ? undefined : { data: Buffer.from(withoutAudio(data.toString('utf8'))), binary }
    default:
      return { data, binary }
  }
}

const bytesOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)
