import { mkdtemp, rm } from 'node:fs/promises'
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { serveStudio, type RunningStudio } from '../../serve-studio.ts'
import { readRunFile } from '../run-file.ts'

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>

/** A studio on a real port, and a client that may set any header, as a hostile one would. */
export async function serveTestStudio(data_dir?: string) {
  const dir = data_dir ?? (await mkdtemp(join(tmpdir(), 'greenroom-http-')))
  const studio: RunningStudio = await serveStudio({ data_dir: dir, log: pino({ level: 'silent' }) })
  const run = await readRunFile(dir)
  const { host } = new URL(studio.origin)

  const ask = (method: string, path: string, headers: OutgoingHttpHeaders = {}, body?: string | Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const asked = request(studio.origin + path, { method, headers: { host, ...headers } }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks).toString() }),
        )
        reply.on('error', reject)
      })
      asked.on('error', reject)
      asked.end(body)
    })

  /** The cookie of a fresh login. */
  const logIn = async (): Promise<string> => {
    const { headers } = await ask('GET', studio.loginUrl().slice(studio.origin.length))
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }

  return {
    studio,
    dir,
    token: run?.token ?? '',
    ask,
    logIn,
    /** An operation, as the page asks it. */
    post: (cookie: string, name: string, body = '{}', headers: OutgoingHttpHeaders = {}) =>
      ask('POST', `/api/op/${name}`, { cookie, origin: studio.origin, 'content-type': 'application/json', ...headers }, body),
    socket: (path: string, headers: Record<string, string>) =>
      new WebSocket(studio.origin.replace('http', 'ws') + path, { headers }),
    close: async () => {
      await studio.close()
      if (data_dir === undefined) await rm(dir, { recursive: true, force: true })
    },
  }
}
