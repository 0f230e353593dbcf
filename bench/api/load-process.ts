import { connect } from 'node:net'
import * as z from 'zod'

/** Sends requests over a few connections that stay open, each as soon as the one before is answered; tells how long all took. */
const Order = z.object({ port: z.number(), connections: z.number(), requests: z.array(z.string()) })
const END_OF_HEAD = Buffer.from('\r\n\r\n')

process.on('message', (message) => {
  const { port, connections, requests } = Order.parse(message)
  run(port, connections, requests).then(
    (ms) => process.send?.({ ms }),
    (cause: unknown) => process.send?.({ error: String(cause) }),
  )
})

async function run(port: number, connections: number, requests: readonly string[]): Promise<number> {
  const waiting = [...requests].reverse()
  const started = performance.now()
  await Promise.all(Array.from({ length: connections }, () => drain(port, () => waiting.pop())))
  return performance.now() - started
}

/** One connection until there is nothing left to ask. Every answer has a length, and a status that is a success. */
function drain(port: number, next: () => string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let buffer: Buffer = Buffer.alloc(0)
    const ask = () => {
      const request = next()
      if (request === undefined) return void socket.end(resolve)
      socket.write(request)
    }
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('connect', ask)
    socket.on('data', (chunk) => {
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
      const head = buffer.indexOf(END_OF_HEAD)
      if (head === -1) return
      const text = buffer.toString('latin1', 0, head)
      if (!/^HTTP\/1\.1 20\d/.test(text)) return reject(new Error(`${text}\n${buffer.toString('utf8', head).slice(0, 500)}`))
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
      if (buffer.length < head + 4 + length) return
      buffer = Buffer.alloc(0)
      ask()
    })
  })
}
