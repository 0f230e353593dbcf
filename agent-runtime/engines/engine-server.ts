/**
 * Serves an engine on a local socket. Threat: any program of this machine may try the socket, so the folder it lies in belongs to
 * the user alone, the first message must carry the token of this start (compared in constant time), nothing is read before it, and
 * audio that waits for its request is bounded. A page cannot reach a local socket.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { EngineRequest } from '../../core/contract/engine.ts'
import { joinPcm } from '../../core/join-pcm.ts'
import type { RawData, WebSocket } from 'ws'
import type { EngineReply } from '../../core/contract/engine.ts'
import type { EngineAddress } from '../../core/contract/runtime.ts'
import type { Engine } from './engine.ts'
import { decodeFrame, encodeFrame } from './engine-frame.ts'
import { createHearings } from './hearings.ts'

const HELLO_WITHIN_MS = 5000
const REFUSED = 4401
const MALFORMED = 4400
/** Five minutes at 16 kHz: far more than an utterance, far less than memory. */
const MAX_WAITING_SAMPLES = 5 * 60 * 16_000

/** Resolves when it listens. The path may hold the socket of an engine that was killed. */
export async function serveEngine(engine: Engine, { path, token }: EngineAddress): Promise<{ close: () => void }> {
  const isPipe = path.startsWith('\\\\')
  if (!isPipe) await rm(path, { force: true })
  const http = createServer()
  const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: MAX_WAITING_SAMPLES * 2 + 4 })
  server.on('connection', (socket) =>
    greet(socket, token, () => {
      answer(socket, engine)
      void welcome(socket, engine)
    }),
  )
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(path, resolve)
  })
  return {
    close() {
      for (const socket of server.clients) socket.terminate()
      http.close()
    },
  }
}

async function welcome(socket: WebSocket, engine: Engine): Promise<void> {
  // A folder that cannot be read has no models: whoever names one is told why.
  const streaming = (await engine.streaming?.().catch(() => [])) ?? []
  reply(socket, { type: 'welcome', ...(streaming.length > 0 && { streaming: [...streaming] }) })
}

function greet(socket: WebSocket, token: string, welcome: () => void): void {
  const late = setTimeout(() => socket.close(REFUSED, 'no hello'), HELLO_WITHIN_MS)
  socket.on('error', () => socket.terminate())
  socket.once('close', () => clearTimeout(late))
  socket.once('message', (data, isBinary) => {
    clearTimeout(late)
    const hello = isBinary ? undefined : parseRequest(data)
    if (hello?.type !== 'hello' || !sameToken(hello.token, token)) return socket.close(REFUSED, 'wrong token')
    welcome()
  })
}

const digest = (text: string) => createHash('sha256').update(text).digest()
const sameToken = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))

const bytesOf = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)

function parseRequest(data: RawData): EngineRequest | undefined {
  try {
    return EngineRequest.parse(JSON.parse(bytesOf(data).toString()))
  } catch {
    return undefined
  }
}

const reply = (socket: WebSocket, message: EngineReply) => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
}

function answer(socket: WebSocket, engine: Engine): void {
  const audio = createWaitingAudio()
  const running = new Map<number, AbortController>()
  const hearings = createHearings(engine, (message) => reply(socket, message))
  socket.on('close', () => {
    for (const work of running.values()) work.abort()
  })

  const run = async (id: number, work: (signal: AbortSignal) => Promise<void>) => {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      await work(controller.signal)
    } catch (cause) {
      if (!controller.signal.aborted)
        reply(socket, { type: 'error', id, message: cause instanceof Error ? cause.message : String(cause) })
    } finally {
      running.delete(id)
    }
  }

  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      const frame = bytesOf(data)
      if (!hearings.push(frame) && !audio.add(frame)) socket.close(MALFORMED, 'bad or too much audio')
      return
    }
    const request = parseRequest(data)
    if (!request || request.type === 'hello') return socket.close(MALFORMED, 'not a request')
    switch (request.type) {
      case 'transcribe': {
        const pcm = audio.take(request.id)
        void run(request.id, async (signal) => {
          const text = await engine.transcribe(pcm, request, signal)
          if (!signal.aborted) reply(socket, { type: 'transcript', id: request.id, text })
        })
        return
      }
      case 'listen':
        return hearings.open(request)
      case 'finish':
        return hearings.finish(request.id)
      case 'synthesize':
        void run(request.id, (signal) => speak(socket, engine, request, signal))
        return
      case 'generate':
        void run(request.id, (signal) => write(socket, engine, request, signal))
        return
      case 'cancel':
        audio.take(request.id)
        hearings.forget(request.id)
        running.get(request.id)?.abort()
    }
  })
}

type Synthesize = Extract<EngineRequest, { type: 'synthesize' }>

async function speak(
  socket: WebSocket,
  engine: Engine,
  { id, text, model = '', voice, speed }: Synthesize,
  signal: AbortSignal,
): Promise<void> {
  let told = 0
  for await (const { sample_rate, pcm } of engine.synthesize(text, { model, voice, speed }, signal)) {
    if (signal.aborted) return
    if (told !== sample_rate) reply(socket, { type: 'audio_format', id, sample_rate })
    told = sample_rate
    socket.send(encodeFrame(id, pcm))
  }
  if (!signal.aborted) reply(socket, { type: 'done', id })
}

type Generate = Extract<EngineRequest, { type: 'generate' }>

async function write(socket: WebSocket, engine: Engine, { id, ...request }: Generate, signal: AbortSignal): Promise<void> {
  if (!engine.generate) throw new Error('This engine does not write')
  for await (const item of engine.generate(request, signal)) {
    if (signal.aborted) return
    reply(socket, 'text' in item ? { type: 'token', id, text: item.text } : { type: 'done', id, ...item.usage })
  }
}

/** Audio that came before its `transcribe`, by request. */
function createWaitingAudio() {
  const parts = new Map<number, Int16Array[]>()
  let samples = 0
  return {
    add(frame: Buffer): boolean {
      if (frame.byteLength < 4 || frame.byteLength % 2 !== 0) return false
      const { id, pcm } = decodeFrame(frame)
      samples += pcm.length
      parts.set(id, [...(parts.get(id) ?? []), pcm])
      return samples <= MAX_WAITING_SAMPLES
    },
    take(id: number): Int16Array {
      const taken = parts.get(id) ?? []
      parts.delete(id)
      const whole = joinPcm(taken)
      samples -= whole.length
      return whole
    },
  }
}
