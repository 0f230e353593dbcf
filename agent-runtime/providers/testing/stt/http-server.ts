import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isJsonObject, parseJson, type Json } from '../../../../core/json.ts'
import { pcmOf } from './socket-server.ts'

/** An upload as it came in. */
export type Upload = Readonly<{
  path: string
  query: Readonly<Record<string, string>>
  headers: IncomingHttpHeaders
  /** Fields of the form beside the file. */
  fields: Readonly<Record<string, string>>
  /** The name of the field that held the file, and its name. */
  file: readonly [field: string, name: string] | undefined
  json: Json | undefined
  /** Of the WAV file, or of base64 in JSON; 16 kHz. */
  pcm: Int16Array
}>

export type SttHttpServer = Readonly<{ url: string; uploads: readonly Upload[]; close: () => Promise<void> }>

type Options = Readonly<{
  keyOf: (headers: IncomingHttpHeaders) => string | undefined
  key: string
  hear: (pcm: Int16Array) => string
  answer: (text: string) => Json
}>

/** An STT that takes whole utterances over HTTP. */
export async function startSttHttpServer({ keyOf, key, hear, answer }: Options): Promise<SttHttpServer> {
  const uploads: Upload[] = []
  const server = createServer((request, response) => {
    response.on('error', () => {})
    serve(request, response).catch(() => response.destroy())
  })
  const send = (response: ServerResponse, status: number, body: Json) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const upload = await read(request)
    uploads.push(upload)
    if (keyOf(request.headers) !== key) return void send(response, 401, { error: { message: 'Incorrect API key provided.' } })
    return void send(response, 200, answer(hear(upload.pcm)))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port }: AddressInfo = Object(server.address())
  return {
    url: `http://127.0.0.1:${port}`,
    uploads,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Upload> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  const bytes = Buffer.concat(parts)
  const url = new URL(request.url ?? '/', 'http://localhost')
  const about = { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers }
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/')) {
    const json = parseJson(bytes.toString())
    const audio = isJsonObject(json) ? json['audio'] : undefined
    const content = isJsonObject(audio) && typeof audio['content'] === 'string' ? audio['content'] : ''
    return { ...about, fields: {}, file: undefined, json, pcm: pcmOf(Buffer.from(content, 'base64')) }
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const fields: Record<string, string> = {}
  let file: Upload['file']
  let pcm: Int16Array = new Int16Array(0)
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else {
      file = [name, value.name]
      pcm = pcmOf(wavBody(Buffer.from(await value.arrayBuffer())))
    }
  }
  return { ...about, fields, file, json: undefined, pcm }
}

/** Checks what a WAV file says of itself. */
function wavBody(wav: Buffer): Buffer {
  const said = [wav.toString('latin1', 0, 4), wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)].join(' ')
  if (said !== 'RIFF 1 16000 16') throw new Error(`not 16 kHz PCM16 mono: ${said}`)
  return wav.subarray(44, 44 + wav.readUInt32LE(40))
}
