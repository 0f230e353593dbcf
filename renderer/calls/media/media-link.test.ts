import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import { MEDIA_CLOSE } from '../../../core/contract/media.ts'
import { openMediaLink, type LinkState, type MediaLink } from './media-link.ts'

const open: { close: () => void }[] = []
afterEach(() => open.splice(0).forEach((each) => each.close()))

/** A session that answers pings with a clock of its own. */
async function startSession() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const sockets: ServerSocket[] = []
  const binary: Buffer[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return binary.push(data)
      const message = JSON.parse(data.toString())
      if (message.type === 'ping')
        socket.send(
          JSON.stringify({
            type: 'pong',
            id: message.id,
            at: message.at,
            clock: performance.timeOrigin + performance.now() + 5000,
          }),
        )
    })
  })
  await new Promise((resolve) => server.on('listening', resolve))
  open.push(server)
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets, binary }
}

function connect(url: string) {
  const states: LinkState[] = []
  const frames: unknown[] = []
  const offsets: number[] = []
  const link: MediaLink = openMediaLink({
    url,
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onClock: ({ offset_ms }) => offsets.push(offset_ms),
  })
  open.push(link)
  return { link, states, frames, offsets }
}

test('sound goes up and down, and pings learn the session’s clock', async () => {
  const session = await startSession()
  const page = connect(session.url)
  await vi.waitFor(() => expect(page.offsets.length).toBeGreaterThan(0))
  expect(Math.round((page.offsets[0] ?? 0) / 100)).toBe(50)
  page.link.sendAudio(new Int16Array(320).buffer)
  await vi.waitFor(() => expect(session.binary[0]?.byteLength).toBe(640))
  session.sockets[0]?.send(Buffer.from(new Uint8Array([3, 0, 0, 0, 1, 0, 2, 0])))
  session.sockets[0]?.send(JSON.stringify({ type: 'clear', segment: 3 }))
  await vi.waitFor(() =>
    expect(page.frames).toEqual([
      { type: 'audio', segment: 3, pcm: Int16Array.of(1, 2) },
      { type: 'clear', segment: 3 },
    ]),
  )
})

test('a broken connection comes back by itself', async () => {
  const session = await startSession()
  const page = connect(session.url)
  await vi.waitFor(() => expect(page.states).toContain('open'))
  session.sockets[0]?.terminate()
  await vi.waitFor(() => expect(page.states).toEqual(['connecting', 'open', 'reconnecting', 'open']), 5000)
  expect(session.sockets).toHaveLength(2)
})

test('a window that was replaced, and a call that is over, do not come back', async () => {
  const session = await startSession()
  const replaced = connect(session.url)
  await vi.waitFor(() => expect(replaced.states).toContain('open'))
  session.sockets[0]?.close(MEDIA_CLOSE.replaced)
  await vi.waitFor(() => expect(replaced.states.at(-1)).toBe('replaced'))
  const over = connect(session.url)
  await vi.waitFor(() => expect(over.states).toContain('open'))
  session.sockets[1]?.close(MEDIA_CLOSE.ended)
  await vi.waitFor(() => expect(over.states.at(-1)).toBe('closed'))
  expect(session.sockets).toHaveLength(2)
})
