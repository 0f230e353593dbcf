import { createServer, type IncomingMessage } from 'node:http'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

export type ReceivedSpan = Readonly<{
  trace_id: string
  span_id: string
  parent_id: string
  name: string
  kind: number
  /** Nanoseconds since the epoch. */
  start: bigint
  end: bigint
  attributes: Readonly<Record<string, unknown>>
  events: readonly Readonly<{ name: string; attributes: Readonly<Record<string, unknown>> }>[]
  status: number
  resource: Readonly<Record<string, unknown>>
}>
export type ReceivedRequest = Readonly<{
  path: string
  headers: IncomingMessage['headers']
  bytes: Buffer
  spans: readonly ReceivedSpan[]
}>

export type OtlpReceiver = Readonly<{
  url: string
  requests: readonly ReceivedRequest[]
  spans: () => readonly ReceivedSpan[]
  /** Resolves when that is so. */
  until: <Found>(find: (spans: readonly ReceivedSpan[]) => Found | undefined) => Promise<Found>
  /** What is answered from now on; 200 takes the spans. */
  answer: (status: number) => void
  close: () => Promise<void>
}>

/** A collector that takes spans as the OTLP specification says, read by a reader of our own. `port`: that one. */
export async function startOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  const requests: ReceivedRequest[] = []
  const waiting = new Set<() => void>()
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      if (status === 200) {
        requests.push({ path: request.url ?? '', headers: request.headers, bytes, spans: readRequest(bytes) })
        for (const look of [...waiting]) look()
      }
      response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  const spans = () => requests.flatMap((request) => request.spans)
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    requests,
    spans,
    until: (find) =>
      new Promise((resolve) => {
        const look = () => {
          const found = find(spans())
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    answer: (next) => (status = next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Fields of a message, by number, each as it comes. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, readonly (Uint8Array | bigint | number)[]> {
  const reader = new BinaryReader(bytes)
  const fields = new Map<number, (Uint8Array | bigint | number)[]>()
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const value = readValue(reader, type)
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields
}

function readValue(reader: BinaryReader, type: WireType): Uint8Array | bigint | number {
  if (type === WireType.LengthDelimited) return reader.bytes()
  if (type === WireType.Varint) return BigInt(reader.int64())
  if (type === WireType.Bit64) return BigInt(reader.fixed64())
  if (type === WireType.Bit32) return reader.fixed32()
  throw new Error(`a wire type that OTLP does not use: ${type}`)
}

type Fields = ReturnType<typeof fieldsOf>
const messages = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).flatMap((value) => (value instanceof Uint8Array ? [fieldsOf(value)] : []))
const bytesAt = (fields: Fields, number: number): Uint8Array => {
  const [value] = fields.get(number) ?? []
  return value instanceof Uint8Array ? value : new Uint8Array()
}
const text = (fields: Fields, number: number): string => Buffer.from(bytesAt(fields, number)).toString('utf8')
const hex = (fields: Fields, number: number): string => Buffer.from(bytesAt(fields, number)).toString('hex')
const big = (fields: Fields, number: number): bigint => {
  const [value] = fields.get(number) ?? []
  return value instanceof Uint8Array || value === undefined ? 0n : BigInt(value)
}

/** ExportTraceServiceRequest → ResourceSpans → ScopeSpans → Span. */
const readRequest = (bytes: Uint8Array): readonly ReceivedSpan[] =>
  messages(fieldsOf(bytes), 1).flatMap((of) => {
    const [resource] = messages(of, 1)
    return messages(of, 2).flatMap((scope) =>
      messages(scope, 2).map((span) => readSpan(span, resource ? attributes(resource, 1) : {})),
    )
  })

const readSpan = (span: Fields, resource: ReceivedSpan['resource']): ReceivedSpan => ({
  trace_id: hex(span, 1),
  span_id: hex(span, 2),
  parent_id: hex(span, 4),
  name: text(span, 5),
  kind: Number(big(span, 6)),
  start: big(span, 7),
  end: big(span, 8),
  attributes: attributes(span, 9),
  events: messages(span, 11).map((event) => ({ name: text(event, 2), attributes: attributes(event, 3) })),
  status: Number(messages(span, 15).map((status) => big(status, 3))[0] ?? 0n),
  resource,
})

const attributes = (of: Fields, number: number): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    messages(of, number).map((pair) => {
      const [value] = messages(pair, 2)
      return [text(pair, 1), value ? anyValue(value) : undefined]
    }),
  )

function anyValue(value: Fields): unknown {
  if (value.has(1)) return text(value, 1)
  if (value.has(2)) return big(value, 2) !== 0n
  if (value.has(3)) return Number(big(value, 3))
  if (value.has(4)) return new DataView(new BigUint64Array([big(value, 4)]).buffer).getFloat64(0, true)
  if (value.has(5)) return messages(value, 5).flatMap((list) => messages(list, 1).map(anyValue))
  return undefined
}
