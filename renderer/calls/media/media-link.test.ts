import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws'
import { MEDIA_CLOSE } from '../../../core/contract/media.ts'
import type { ClockReading } from './page-clock.ts'
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

/** However busy the machine is. */
const until = (check: () => void) => vi.waitFor(check, 30_000)

function connect(url: string) {
  const states: LinkState[] = []
  const frames: unknown[] = []
  const clocks: ClockReading[] = []
  const link: MediaLink = openMediaLink({
    url,
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onClock: (reading) => clocks.push(reading),
  })
  open.push(link)
  return { link, states, frames, clocks }
}

test('sound goes up and down, and pings learn the session’s clock', async () => {
  const session = await startSession()
  const page = connect(session.url)
  await until(() => expect(page.clocks.length).toBeGreaterThan(0))
  const { offset_ms, uncertainty_ms } = page.clocks[0]!
  expect(Math.abs(offset_ms - 5000)).toBeLessThanOrEqual(uncertainty_ms + 1)
  page.link.sendAudio(new Int16Array(320).buffer)
  await until(() => expect(session.binary[0]?.byteLength).toBe(640))
  session.sockets[0]?.send(Buffer.from(new Uint8Array([3, 0, 0, 0, 1, 0, 2, 0])))
  session.sockets[0]?.send(JSON.stringify({ type: 'clear', segment: 3 }))
  await until(() =>
    expect(page.frames).toEqual([
      { type: 'audio', segment: 3, pcm: Int16Array.of(1, 2) },
      { type: 'clear', segment: 3 },
    ]),
  )
})

test('a broken connection comes back by itself', async () => {
  const session = await startSession()
  const page = connect(session.url)
  await until(() => expect(page.states).toContain('open'))
  session.sockets[0]?.terminate()
  await until(() => expect(page.states).toEqual(['connecting', 'open', 'reconnecting', 'open']))
  expect(session.sockets).toHaveLength(2)
})

test('a window that was replaced, and a call that is over, do not come back', async () => {
  const session = await startSession()
  const replaced = connect(session.url)
  await until(() => expect(replaced.states).toContain('open'))
  session.sockets[0]?.close(MEDIA_CLOSE.replaced)
  await until(() => expect(replaced.states.at(-1)).toBe('replaced'))
  const over = connect(session.url)
  await until(() => expect(over.states).toContain('open'))
  session.sockets[1]?.close(MEDIA_CLOSE.ended)
  await until(() => expect(over.states.at(-1)).toBe('closed'))
  expect(session.sockets).toHaveLength(2)
})
