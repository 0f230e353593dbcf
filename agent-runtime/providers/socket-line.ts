import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { parseJson, type Json } from '../../core/json.ts'
import { reasonOf } from './http.ts'
import { HttpFailure, SilentProvider } from './provider-failure.ts'

export type Outgoing = string | Uint8Array

/** A protocol over WebSocket, as far as its connection goes. */
export type LineProtocol<Talk extends LineTalk = LineTalk> = Readonly<{
  /** Of the handshake. */
  request: () => Readonly<{ url: string; headers: Readonly<Record<string, string>> }>
  /** One for each connection. */
  talk: () => Talk
  /** What keeps a connection open while nobody speaks; absent where none is documented, and it is opened anew when it was closed. */
  idle?: Readonly<{ every_ms: number; message: Outgoing }>
}>

export type LineTalk = Readonly<{
  /** Sent first. */
  opening: readonly Outgoing[]
  /** The message after which more may be sent; absent: at once. */
  isReady?: (message: Json) => boolean
  /** What a message says went wrong. */
  failure: (message: Json) => Error | undefined
  /** What the provider's own close codes say; absent or nothing: the connection was lost. */
  closed?: (code: number, reason: string) => Error | undefined
  /** Ends the session in an orderly way. */
  goodbye?: Outgoing
}>

/** The connection ended, whoever ended it: another may be tried. */
export class LineLost extends Error {
  constructor(detail: string) {
    super(`the connection was terminated (${detail})`)
    this.name = 'LineLost'
  }
}

export type LineListener = Readonly<{ onMessage: (message: Json) => void; onLost: (cause: Error) => void }>

/** One open connection. */
export type SocketLine<Talk extends LineTalk = LineTalk> = Readonly<{
  talk: Talk
  send: (data: Outgoing) => void
  /** The one that reads from now on; without one, messages are dropped and an end is quiet. */
  read: (listener: LineListener | undefined) => void
  isOpen: () => boolean
  /** With a goodbye where the protocol has one. */
  close: () => void
}>

const REASON_BYTES = 4096

/**
 * Opens a connection and waits until more may be sent. Throws HttpFailure, SilentProvider, or what the provider says is wrong; the
 * signal ends the waiting, and nothing once the line is open.
 */
export async function openLine<Talk extends LineTalk>(
  protocol: LineProtocol<Talk>,
  patience_ms: number,
  signal?: AbortSignal,
): Promise<SocketLine<Talk>> {
  const { url, headers } = protocol.request()
  const talk = protocol.talk()
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  let listener: LineListener | undefined
  let lost: Error | undefined
  const fail = (cause: Error) => {
    lost = cause
    socket.terminate()
    listener?.onLost(cause)
  }
  const hear = (text: string): void => {
    // What still comes after an error means nothing.
    if (lost) return
    const message = parseJson(text)
    if (message === undefined) return fail(new SyntaxError(`"${text.slice(0, 60)}" is not JSON`))
    const failure = talk.failure(message)
    if (failure) return fail(failure)
    listener?.onMessage(message)
  }
  socket.on('message', (data: Buffer) => hear(data.toString()))
  let opened = false
  socket.once('open', () => (opened = true))
  socket.on('error', (cause) => (lost ??= opened ? new LineLost(cause.message) : cause))
  socket.on('close', (code, reason) => {
    lost ??= talk.closed?.(code, reason.toString()) ?? new LineLost(reason.toString() || `code ${code}`)
    listener?.onLost(lost)
  })

  const line: SocketLine<Talk> = {
    talk,
    send: (data) => socket.readyState === WebSocket.OPEN && socket.send(data),
    read(next) {
      listener = next
      if (next && lost) next.onLost(lost)
    },
    isOpen: () => socket.readyState === WebSocket.OPEN && lost === undefined,
    close() {
      lost ??= new LineLost('closed')
      if (socket.readyState !== WebSocket.OPEN) return socket.terminate()
      if (talk.goodbye !== undefined) socket.send(talk.goodbye)
      socket.close()
    },
  }
  const stop = () => fail(new LineLost('given up'))
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  await ready(socket, line, headers, patience_ms)
    .catch((cause: unknown) => {
      socket.terminate()
      throw cause
    })
    .finally(() => signal?.removeEventListener('abort', stop))
  keepAlive(socket, protocol)
  return line
}

function ready(
  socket: WebSocket,
  line: SocketLine,
  headers: Readonly<Record<string, string>>,
  patience_ms: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => settle(() => reject(new SilentProvider(patience_ms))), patience_ms)
    const settle = (outcome: () => void) => {
      clearTimeout(patience)
      line.read(undefined)
      outcome()
    }
    line.read({
      onMessage: (message) => line.talk.isReady?.(message) && settle(resolve),
      onLost: (cause) => settle(() => reject(cause)),
    })
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      void refusal(response, headers).then((cause) => settle(() => reject(cause)))
    })
    socket.once('open', () => {
      for (const data of line.talk.opening) socket.send(data)
      if (!line.talk.isReady) settle(resolve)
    })
  })
}

async function refusal(response: IncomingMessage, headers: Readonly<Record<string, string>>): Promise<HttpFailure> {
  let text = ''
  try {
    for await (const part of response) {
      text += Buffer.from(part).toString()
      if (text.length > REASON_BYTES) break
    }
  } catch {
    // The status alone says enough.
  }
  const retry = Number(response.headers['retry-after'])
  return new HttpFailure(response.statusCode ?? 502, reasonOf(text, headers), retry > 0 ? retry * 1000 : undefined)
}

function keepAlive(socket: WebSocket, { idle }: LineProtocol): void {
  if (!idle) return
  const timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send(idle.message), idle.every_ms)
  timer.unref()
  socket.once('close', () => clearInterval(timer))
}
