import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseJson, type Json } from '../../../core/json.ts'
import { answerTo, ChatRequest } from './prompt-reader.ts'
import { tone } from './tone.ts'

export type ServerOptions = Readonly<{
  /** Requests without it are refused with 401. */
  key?: string
  first_token_ms?: number
  tokens_per_second?: number
  /** What each transcription returns in turn; the last one again and again. */
  transcripts?: readonly string[]
  /** How long a transcription takes. */
  transcription_ms?: number
  /** Another address of this machine than loopback. */
  host?: string
}>
export type ServedRequest = Readonly<{ path: string; authorization: string | undefined; body: Json | undefined; bytes: number }>
export type OpenAiTestServer = Readonly<{ base_url: string; requests: readonly ServedRequest[]; close: () => Promise<void> }>

/**
 * A small OpenAI-compatible server that streams over real HTTP. The model's name chooses its fault:
 * `fault-401 fault-404 fault-429 fault-500 hang hang-midway drop garbage not-json plain empty`; any other name answers.
 */
export async function startOpenAiServer(options: ServerOptions = {}, port = 0): Promise<OpenAiTestServer> {
  const requests: ServedRequest[] = []
  let transcribed = 0
  const server = createServer((request, response) => {
    response.on('error', () => {})
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await read(request)
    const path = request.url ?? '/'
    const json = request.headers['content-type']?.includes('json') ? parseJson(bytes.toString('utf8')) : undefined
    requests.push({ path, authorization: request.headers.authorization, body: json, bytes: bytes.byteLength })
    if (path === '/v1/models') return void send(response, 200, { object: 'list', data: [{ id: 'test-model', object: 'model' }] })
    if (options.key && request.headers.authorization !== `Bearer ${options.key}`) return refuse(response, 401)
    const model = modelOf(json, bytes)
    const fault = /^fault-(\d+)$/.exec(model)?.[1]
    if (fault) return refuse(response, Number(fault))
    if (model === 'hang') return
    if (path === '/v1/chat/completions') return chat(ChatRequest.parse(json), response, options)
    if (path === '/v1/audio/transcriptions') return transcribe(bytes, response)
    if (path === '/v1/audio/speech') return speak(json, response)
    return refuse(response, 404)
  }

  async function transcribe(bytes: Buffer, response: ServerResponse): Promise<void> {
    if (!bytes.includes('RIFF')) return refuse(response, 400)
    const { transcripts = ['I said something.'], transcription_ms = 0 } = options
    await sleep(transcription_ms)
    send(response, 200, { text: transcripts[Math.min(transcribed++, transcripts.length - 1)] ?? '' })
  }

  const { host = '127.0.0.1' } = options
  server.listen(port, host)
  await once(server, 'listening')
  const address: AddressInfo = Object(server.address())
  return {
    base_url: `http://${host}:${address.port}/v1`,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function chat(
  request: ChatRequest,
  response: ServerResponse,
  { first_token_ms = 20, tokens_per_second = 400 }: ServerOptions,
): Promise<void> {
  const text = request.model === 'empty' ? '' : request.model === 'not-json' ? 'Just words, no JSON at all.' : answerTo(request)
  if (request.model === 'plain')
    return void response.writeHead(200, { 'content-type': 'text/plain' }).end('<html>It works!</html>')
  if (!request.stream) {
    return void send(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: request.model,
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    })
  }
  await sleep(first_token_ms)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const tokens = text.match(/[\s\S]{1,4}/g) ?? []
  for (const [index, content] of tokens.entries()) {
    if (response.destroyed) return
    if (index === Math.min(8, tokens.length - 1)) {
      if (request.model === 'hang-midway') return
      if (request.model === 'drop') return void response.destroy()
      if (request.model === 'garbage') response.write('data: {"choices": [{"del\n\n')
    }
    event(response, request, { index: 0, delta: { role: 'assistant', content }, finish_reason: null })
    await sleep(1000 / tokens_per_second)
  }
  event(response, request, { index: 0, delta: {}, finish_reason: 'stop' })
  const usage = { prompt_tokens: 50, completion_tokens: tokens.length, total_tokens: 50 + tokens.length }
  response.write(
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: request.model, choices: [], usage })}\n\n`,
  )
  response.end('data: [DONE]\n\n')
}

const event = (response: ServerResponse, { model }: ChatRequest, choice: Json) =>
  response.write(`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model, choices: [choice] })}\n\n`)

/** A tone whose height comes from the instructions and whose length from the text: what was asked for can be heard. */
async function speak(body: Json | undefined, response: ServerResponse): Promise<void> {
  const { input = '', instructions = '' } = Object(body)
  const pcm = tone(220 + (String(instructions).length % 40) * 10, Math.max(0.3, String(input).length * 0.06))
  response.writeHead(200, { 'content-type': 'audio/pcm' })
  // In pieces of an odd number of bytes, as networks like to cut.
  for (let at = 0; at < pcm.byteLength && !response.destroyed; at += 9601) {
    response.write(pcm.subarray(at, at + 9601))
    await sleep(5)
  }
  response.end()
}

function refuse(response: ServerResponse, status: number): void {
  const reasons: Record<number, string> = {
    401: 'Incorrect API key provided.',
    404: 'The model does not exist.',
    429: 'Rate limit reached for requests.',
  }
  if (status === 429) response.setHeader('retry-after', '7')
  send(response, status, {
    error: { message: reasons[status] ?? `The server had an error (${status}).`, type: 'error', code: null },
  })
}

const send = (response: ServerResponse, status: number, body: Json) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const modelOf = (json: Json | undefined, bytes: Buffer): string =>
  String(Object(json).model ?? /name="model"\r\n\r\n([^\r]*)/.exec(bytes.toString('latin1'))?.[1] ?? '')

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

// `node openai-server.ts [port] [key]` serves until it is stopped and says where.
if (import.meta.main) {
  const [port = '0', key] = process.argv.slice(2)
  const { base_url } = await startOpenAiServer(key ? { key } : {}, Number(port))
  console.log(base_url)
}
