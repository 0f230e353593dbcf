import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, so that a test can take the server away without stopping it. */
export type TcpProxy = Readonly<{
  /** The same address through the proxy. */
  url: string
  /** Breaks every connection, and refuses new ones until `open`. */
  cut: () => void
  /** Holds back what both sides say until `open`: a server that does not answer any more. */
  hang: () => void
  open: () => void
  close: () => Promise<void>
}>

export async function startProxy(target: string): Promise<TcpProxy> {
  const state = { refusing: false, hanging: false }
  const pairs = new Set<readonly [Socket, Socket]>()
  const { hostname, port } = new URL(target)
  const server = createServer((near) => {
    if (state.refusing) return near.destroy()
    const far = connect(Number(port), hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (data) => to.write(data))
      from.on('error', () => undefined)
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
      if (state.hanging) from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' ? address?.port : '')
  const breakAll = () => [...pairs].flat().forEach((socket) => socket.destroy())
  return {
    url: url.href,
    cut: () => {
      state.refusing = true
      breakAll()
    },
    hang: () => {
      state.hanging = true
      for (const socket of [...pairs].flat()) socket.pause()
    },
    open: () => {
      state.refusing = state.hanging = false
      for (const socket of [...pairs].flat()) socket.resume()
    },
    close: () => {
      breakAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
