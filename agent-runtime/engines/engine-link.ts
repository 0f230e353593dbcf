import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { EngineReply } from '../../core/contract/engine.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { EngineRequest } from '../../core/contract/engine.ts'
import type { EngineAddress } from '../../core/contract/runtime.ts'
import { createInbox } from './inbox.ts'
import type { Inbox } from './inbox.ts'
import { decodeFrame, encodeFrame } from './engine-frame.ts'

/** The engine's process ended while a request was open; a repeat finds the one that took its place. */
export class EngineGone extends Error {}

/** One open, welcomed connection. What the engine says about a request goes to the inbox that was opened for it. */
export type EngineLink = Readonly<{
  send: (request: EngineRequest) => void
  sendPcm: (id: number, pcm: Int16Array) => void
  open: (id: number) => Inbox<EngineReply | Int16Array>
  forget: (id: number) => void
  isOpen: () => boolean
  close: () => void
}>

const RETRY_MS = 100
/** Longer than an engine takes to be started again and to load its models on a slow machine. */
const CONNECT_FOR_MS = 30_000

/** Connects, waiting while the engine is being (re)started. Throws StudioError `runtime_failed`, or the signal's reason. */
export async function openLink(address: EngineAddress, signal: AbortSignal): Promise<EngineLink> {
  const giveUpAt = performance.now() + CONNECT_FOR_MS
  for (;;) {
    try {
      return await openOnce(address, signal)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof StudioError) throw cause
      if (performance.now() > giveUpAt) {
        throw new StudioError('runtime_failed', 'The speech engine does not answer', 'Stop the call and start it again.', [], {
          cause,
        })
      }
      await sleep(RETRY_MS, undefined, { signal })
    }
  }
}

async function openOnce(address: EngineAddress, signal: AbortSignal): Promise<EngineLink> {
  const socket = new WebSocket('ws://engine/', { createConnection: () => connect(address.path), perMessageDeflate: false })
  const inboxes = new Map<number, Inbox<EngineReply | Int16Array>>()
  const stop = () => socket.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await welcomed(socket, address.token)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  socket.on('message', (data: Buffer, isBinary) => {
    try {
      const { id, item } = isBinary ? audioIn(data) : replyIn(data)
      inboxes.get(id)?.push(item)
    } catch {
      socket.terminate() // not the engine's language: whatever answers there is of no use
    }
  })
  socket.on('close', () => {
    for (const inbox of inboxes.values()) inbox.fail(new EngineGone('the speech engine ended'))
  })
  return {
    send: (request) => socket.send(JSON.stringify(request)),
    sendPcm: (id, pcm) => socket.send(encodeFrame(id, pcm)),
    open(id) {
      const inbox = createInbox<EngineReply | Int16Array>()
      inboxes.set(id, inbox)
      if (socket.readyState !== WebSocket.OPEN) inbox.fail(new EngineGone('the speech engine ended'))
      return inbox
    },
    forget: (id) => inboxes.delete(id),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  }
}

type Arrived = Readonly<{ id: number; item: EngineReply | Int16Array }>

function audioIn(data: Buffer): Arrived {
  const { id, pcm } = decodeFrame(data)
  return { id, item: pcm }
}

function replyIn(data: Buffer): Arrived {
  const reply = EngineReply.parse(JSON.parse(data.toString()))
  if (reply.type === 'welcome') throw new Error('welcomed twice')
  return { id: reply.id, item: reply }
}

const REFUSED = 4401

function welcomed(socket: WebSocket, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', token } satisfies EngineRequest)))
    socket.once('message', () => resolve())
    socket.once('close', (code) => {
      if (code === REFUSED) {
        reject(new StudioError('runtime_failed', 'The speech engine refused the key', 'Stop the call and start it again.'))
      }
      reject(new EngineGone('the connection closed before the engine answered'))
    })
  })
}
