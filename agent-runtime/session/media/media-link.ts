import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { MEDIA_CLOSE, MediaUp, type MediaDown } from '../../../core/contract/media.ts'
import { parseJson } from '../../../core/json.ts'

/** The largest message that a page has a reason to send: a second of audio. */
const LARGEST = 64 * 1024

export type MediaListener = Readonly<{
  onAudio: (pcm: Buffer) => void
  onMessage: (message: MediaUp) => void
  onOpen: () => void
  /** The page is gone; it may come back with a new socket. */
  onGone: () => void
}>

/** The audio WebSocket between a page and a session; the host has authenticated it and hands over its socket. */
export type MediaLink = Readonly<{
  attach: (headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket) => void
  audio: (message: Buffer) => boolean
  command: (message: MediaDown) => boolean
  isOpen: () => boolean
  close: () => void
}>

export function createMediaLink(listener: MediaListener): MediaLink {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LARGEST })
  let current: WebSocket | undefined
  let closed = false

  const receive = (page: WebSocket) => (data: Buffer, isBinary: boolean) => {
    if (page !== current) return
    if (isBinary) return listener.onAudio(data)
    const message = MediaUp.safeParse(parseJson(data.toString('utf8')))
    if (message.success) listener.onMessage(message.data)
  }
  const adopt = (page: WebSocket) => {
    if (closed) return page.close(MEDIA_CLOSE.ended)
    const before = current
    current = page
    // The newest page has the call: somebody reloaded, or opened it elsewhere.
    before?.close(MEDIA_CLOSE.replaced)
    page.binaryType = 'nodebuffer'
    page.on('message', (data, isBinary) => (Buffer.isBuffer(data) ? receive(page)(data, isBinary) : undefined))
    page.on('error', () => page.terminate())
    page.on('close', () => {
      if (page !== current) return
      current = undefined
      if (!closed) listener.onGone()
    })
    listener.onOpen()
  }
  const send = (data: Buffer | string): boolean => {
    if (current?.readyState !== WebSocket.OPEN) return false
    current.send(data)
    return true
  }
  return {
    attach(headers, head, socket) {
      socket.setNoDelay(true)
      const request = Object.assign(new IncomingMessage(socket), { method: 'GET', url: '/', headers: { ...headers } })
      server.handleUpgrade(request, socket, head, adopt)
    },
    audio: send,
    command: (message) => send(JSON.stringify(message)),
    isOpen: () => current?.readyState === WebSocket.OPEN,
    close() {
      closed = true
      current?.close(MEDIA_CLOSE.ended)
    },
  }
}
