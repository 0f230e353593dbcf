import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PackageFile } from '../../../core/local-models/curated-model.ts'

/** How one request for a file goes wrong; without one it is served. */
export type Fault = Readonly<
  | { kind: 'cut'; after: number }
  | { kind: 'status'; status: number }
  | { kind: 'silence'; after: number }
  | { kind: 'other bytes' }
  | { kind: 'too much' }
>

export type PackageServer = Readonly<{
  url: string
  /** Range header of each request for a file, in order; '' without one. */
  ranges: string[]
  /** Taken one by one by the requests for files. */
  faults: Fault[]
  close: () => Promise<void>
}>

export type ServerOptions = Readonly<{
  files: Readonly<Record<string, Uint8Array>>
  index?: 'html' | 'json' | 'none'
  canResume?: boolean
  login?: string
}>

/** A package index (`/simple/<project>/`) and its files (`/files/<name>`, or flat beside the index), over real HTTP. */
export async function startPackageServer(options: ServerOptions): Promise<PackageServer> {
  const ranges: string[] = []
  const faults: Fault[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (options.login !== undefined && request.headers.authorization !== `Basic ${btoa(options.login)}`) return end(response, 401)
    const file = options.files[path.split('/').at(-1) ?? '']
    if (file) {
      ranges.push(request.headers.range ?? '')
      return serve(request, response, file, options.canResume ?? true, faults.shift())
    }
    const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1]
    if (project === undefined || options.index === 'none') return end(response, 404)
    const names = Object.keys(options.files).filter((name) => name.startsWith(project.replaceAll('-', '_')))
    sendIndex(response, names, options.index ?? 'html')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    ranges,
    faults,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}

function sendIndex(response: ServerResponse, names: string[], kind: 'html' | 'json'): void {
  if (kind === 'json') {
    const files = names.map((filename) => ({ filename, url: `/files/${filename}`, hashes: {} }))
    response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' }).end(JSON.stringify({ files }))
    return
  }
  const links = names.map(
    (name) => `<a href="../../files/${name}?a=1&amp;b=2#sha256=00" data-requires-python="&gt;=3">${name}</a><br/>`,
  )
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`)
}

function serve(request: IncomingMessage, response: ServerResponse, file: Uint8Array, canResume: boolean, fault?: Fault): void {
  if (fault?.kind === 'status') return end(response, fault.status)
  const start = canResume ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
  const body = start > 0 ? file.subarray(start) : file
  const length = body.length + (fault?.kind === 'too much' ? 5 : 0)
  const range = start > 0 ? { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` } : {}
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': length, ...range })
  if (fault?.kind === 'cut') response.write(body.subarray(0, fault.after), () => response.socket?.end())
  else if (fault?.kind === 'silence') response.write(body.subarray(0, fault.after))
  else if (fault?.kind === 'other bytes') response.end(body.map((byte) => byte ^ 1))
  else if (fault?.kind === 'too much') response.end(Buffer.concat([body, Buffer.alloc(5)]))
  else response.end(body)
}

export const pinOf = (project: string, file: string, bytes: Uint8Array, entries: PackageFile['entries'] = []): PackageFile => ({
  project,
  file,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  entries,
})
