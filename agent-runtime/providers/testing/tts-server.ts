import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../../core/json.ts'
import { startRecordingServer, type Recorded } from '../../testing/recording-server.ts'
import { toWav } from '../stt/wav.ts'
import { tone } from './tone.ts'

export type TtsRequest = Recorded<Json | undefined>
export type TtsTestServer = Readonly<{ url: string; requests: readonly TtsRequest[]; close: () => Promise<void> }>

export const TONE_HERTZ = 440
export const TONE_SECONDS = 0.6
/** A text that begins with this is spoken until nobody listens. */
export const ENDLESS = 'On and on'

/** A text with this is answered by Gemini with a WAV in each event. */
export const AS_WAV = 'as WAV'

/** Answers with a tone, in each vendor's published protocol: the sources stand in tts-contract.ts. */
export async function startTtsServer(options: Readonly<{ old_piper?: boolean }> = {}): Promise<TtsTestServer> {
  const recording = await startRecordingServer(parseJson, async ({ path, body }, response) => {
    const route = ROUTES.find(([pattern]) => pattern.test(path))
    const hidden = options.old_piper === true && path === '/synthesize'
    if (!route || hidden || !isJsonObject(body)) return void response.writeHead(404).end('{"detail": "Not Found"}')
    await route[1](response, body)
  })
  const { url, requests, server, keep, close } = recording
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, { url: path = '/', headers }) => {
    const said: JsonObject[] = []
    keep({ method: 'GET', path, headers, body: said })
    liveKit(socket, said)
  })
  return {
    url,
    requests,
    close() {
      sockets.clients.forEach((socket) => socket.terminate())
      return close()
    },
  }
}

type Route = (response: ServerResponse, body: JsonObject) => Promise<void>
const raw =
  (type: string): Route =>
  async (response, body) => {
    response.writeHead(200, { 'content-type': type })
    for await (const piece of pieces(textOf(body))) if (!response.write(piece)) await drained(response)
    response.end()
  }

const ROUTES: readonly (readonly [RegExp, Route])[] = [
  [/^\/v1\/audio\/speech$/, raw('audio/pcm')],
  [/^\/v1\/text-to-speech\/[^/]+\/stream\?/, raw('audio/pcm')],
  [/^\/tts\/bytes$/, raw('audio/pcm')],
  [/^\/v[12]\/speak\?/, raw('audio/l16;rate=24000;channels=1')],
  [/^\/v1\/tts$/, raw('audio/pcm')],
  [/^\/text_to_speech\/streaming$/, raw('application/octet-stream')],
  [/^\/(?:synthesize)?$/, wav],
  [/:streamGenerateContent\?alt=sse$/, gemini],
  [/^\/v1\/text:synthesize$/, googleCloud],
]

async function wav(response: ServerResponse, body: JsonObject): Promise<void> {
  if (textOf(body).startsWith(ENDLESS)) return void response.writeHead(200, { 'content-type': 'audio/wav' }).flushHeaders()
  response.writeHead(200, { 'content-type': 'audio/wav' }).end(toneWav(22_050))
}

async function googleCloud(response: ServerResponse, body: JsonObject): Promise<void> {
  if (textOf(body).startsWith(ENDLESS)) return void response.writeHead(200).flushHeaders()
  const audioContent = Buffer.from(toneWav(24_000)).toString('base64')
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ audioContent }))
}

const inline = (piece: Buffer, as_wav: boolean) =>
  as_wav
    ? { mimeType: 'audio/wav', data: Buffer.from(wavOf(piece)).toString('base64') }
    : { mimeType: 'audio/L16;codec=pcm;rate=24000', data: piece.toString('base64') }

async function gemini(response: ServerResponse, body: JsonObject): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const as_wav = JSON.stringify(body).includes(AS_WAV)
  for await (const piece of pieces(textOf(body), as_wav ? 9600 : undefined)) {
    const inlineData = inline(piece, as_wav)
    const event = { candidates: [{ content: { role: 'model', parts: [{ inlineData }] } }] }
    if (!response.write(`data: ${JSON.stringify(event)}\r\n\r\n`)) await drained(response)
  }
  response.end(`data: ${JSON.stringify({ candidates: [{ finishReason: 'STOP' }] })}\r\n\r\n`)
}

/** session.create, input_transcript, session.flush → session.created, output_audio …, done. */
function liveKit(socket: WebSocket, said: JsonObject[]): void {
  const send = (event: JsonObject) => socket.send(JSON.stringify({ ...event, session_id: 'session-1' }))
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => {
    const message = parseJson(data.toString('utf8'))
    if (!isJsonObject(message)) return socket.close(1003)
    said.push(message)
    if (message['type'] === 'session.create') send({ type: 'session.created' })
    if (message['type'] === 'session.flush') void speak()
  })
  const speak = async () => {
    const text = said.map((message) => (typeof message['transcript'] === 'string' ? message['transcript'] : '')).join('')
    for await (const piece of pieces(text)) {
      if (socket.readyState !== socket.OPEN) return
      send({ type: 'output_audio', audio: piece.toString('base64') })
    }
    send({ type: 'done' })
  }
}

const textOf = (body: JsonObject): string => {
  for (const key of ['input', 'text', 'transcript']) if (typeof body[key] === 'string') return body[key]
  return JSON.stringify(body).includes(ENDLESS) ? ENDLESS : ''
}

/** In pieces of an odd number of bytes, as networks like to cut. */
async function* pieces(text: string, size = 9601): AsyncGenerator<Buffer> {
  const pcm = Buffer.from(tone(TONE_HERTZ, TONE_SECONDS))
  do {
    for (let at = 0; at < pcm.byteLength; at += size) {
      yield pcm.subarray(at, at + size)
      await sleep(2)
    }
  } while (text.includes(ENDLESS))
}

/** A client that went is no reason to wait. */
const drained = (response: ServerResponse) =>
  response.destroyed ? Promise.reject(new Error('gone')) : Promise.race([once(response, 'drain'), once(response, 'close')])

const toneWav = (sample_rate: number): Uint8Array => wavOf(tone(TONE_HERTZ, TONE_SECONDS, sample_rate), sample_rate)

function wavOf(bytes: Uint8Array, sample_rate = 24_000): Uint8Array {
  // A copy: samples have to begin at an even address.
  const own = Uint8Array.from(bytes.subarray(0, bytes.byteLength - (bytes.byteLength % 2)))
  return toWav(new Int16Array(own.buffer), sample_rate)
}
