import { expect, onTestFinished, test, vi } from 'vitest'
import { ConnectionId } from '../../core/contract/connections.ts'
import { openAgentLine } from './agent-line.ts'
import type { Loss } from './loss.ts'
import { startAgentProtocolServer } from './testing/agent-protocol-server.ts'

/** Only what a line counts with is stopped; sockets go on. */
function stopClock() {
  vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearInterval', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

async function openLine() {
  const server = await startAgentProtocolServer()
  onTestFinished(server.close)
  const losses: Loss[] = []
  const pongs = { heard: (): void => undefined }
  const exposure = { ...server, connection_id: ConnectionId.parse('test'), dispatch_name: 'ada' }
  const open = () =>
    new Promise<void>((resolve) => {
      const line = openAgentLine(exposure, 'test', {
        onRegistered: () => resolve(),
        onMessage: () => pongs.heard(),
        onLost: (loss) => {
          losses.push(loss)
          resolve()
        },
      })
      onTestFinished(line.close)
    })
  const pong = () => new Promise<void>((resolve) => (pongs.heard = resolve))
  return { server, losses, open, pong }
}

test('a connection on which nothing comes back is given up after a few pings', async () => {
  stopClock()
  const { server, losses, open, pong } = await openLine()
  await open()
  for (let i = 0; i < 5; i++) {
    const heard = pong()
    vi.advanceTimersByTime(5000)
    await heard
  }
  expect(losses).toEqual([])
  server.silence(true)
  vi.advanceTimersByTime(15_000)
  expect(losses).toEqual([{ state: 'lost', reason: expect.stringContaining('has not answered for a while') }])
})

test('a server that takes the connection and says nothing is not waited for without end', async () => {
  stopClock()
  const { server, losses, open } = await openLine()
  server.silence(true)
  const opened = open()
  vi.advanceTimersByTime(10_000)
  await opened
  expect(losses).toEqual([{ state: 'lost', reason: expect.stringContaining('does not answer') }])
})
