import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as z from 'zod'

const Answer = z.union([z.object({ ms: z.number() }), z.object({ error: z.string() })])
const CONNECTIONS = 16

/** Those who ask, in a process of their own, so that they take nothing from whoever answers. */
export type Load = Readonly<{ send: (port: number, requests: readonly string[]) => Promise<number>; close: () => void }>

export function startLoad(): Load {
  const child: ChildProcess = fork(new URL('./load-process.ts', import.meta.url), { stdio: 'inherit' })
  return {
    send: async (port, requests) => {
      const answered = once(child, 'message')
      child.send({ port, connections: CONNECTIONS, requests })
      const answer = Answer.parse((await answered)[0])
      if ('error' in answer) throw new Error(answer.error)
      return answer.ms
    },
    close: () => void child.kill(),
  }
}

export function rawRequest(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): string {
  const all = {
    host: '127.0.0.1',
    ...headers,
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
