import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A hub as https://huggingface.co/docs/hub/api describes it: a tree of files with their hashes, and addresses that redirect to the bytes. */
export type HubServer = Readonly<{
  url: string
  /** Changed by tests: path in the repository → bytes. */
  files: Record<string, Uint8Array>
  /** Every request, in order: method, path, and range. */
  seen: string[]
  /** Of the next replies with bytes: how they go wrong. */
  faults: ('cut' | 'hang' | 'other bytes')[]
  /** Called with each reply of bytes after some of them went out. */
  onBytes: (listener: () => void) => void
  close: () => Promise<void>
}>

const REPO = 'tests/tiny'

export async function startHubServer(files: Record<string, Uint8Array>): Promise<HubServer> {
  const seen: string[] = []
  const faults: HubServer['faults'] = []
  let heard: () => void = () => undefined
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub')
    const path = decodeURIComponent(url.pathname)
    seen.push(`${request.method ?? ''} ${path} ${request.headers.range ?? ''}`.trim())
    const tree = new RegExp(`^/api/models/${REPO}/tree/main/?(.*)$`).exec(path)?.[1]
    const resolved = new RegExp(`^/${REPO}/resolve/main/(.+)$`).exec(path)?.[1]
    if (tree !== undefined) return sendTree(response, files, tree, url)
    if (resolved !== undefined && files[resolved]) {
      // To another name of this machine, as a hub sends to its store: another origin, without what was sent to this one.
      response.writeHead(302, { location: `http://localhost:${port()}/store/${encodeURIComponent(resolved)}?signature=1` }).end()
      return
    }
    const stored = path.startsWith('/store/') ? files[path.slice('/store/'.length)] : undefined
    if (stored) sendBytes(request, response, stored, faults.shift(), heard)
    else response.writeHead(404).end('{"error":"not found"}')
  })
  const port = () => (server.address() as AddressInfo).port
  server.listen(0)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port()}`,
    files,
    seen,
    faults,
    onBytes: (listener) => (heard = listener),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Two entries a page, so that paging is walked. */
function sendTree(response: ServerResponse, files: Readonly<Record<string, Uint8Array>>, folder: string, url: URL): void {
  const start = Number(url.searchParams.get('cursor') ?? 0)
  const inside = Object.entries(files).filter(([path]) => path.split('/').slice(0, -1).join('/') === folder)
  const page = inside.slice(start, start + 2).map(([path, bytes]) => entryOf(path, bytes))
  const next = start + 2 < inside.length ? { link: `<${url.pathname}?cursor=${start + 2}>; rel="next"` } : {}
  response.writeHead(200, { 'content-type': 'application/json', ...next }).end(JSON.stringify(page))
}

/** Large files are kept by their SHA-256, small ones by Git. */
function entryOf(path: string, bytes: Uint8Array) {
  const size = bytes.length
  const oid = createHash('sha1').update(`blob ${size}\0`).update(bytes).digest('hex')
  if (size < 1000) return { type: 'file', oid, size, path }
  return {
    type: 'file',
    oid: 'a'.repeat(40),
    size,
    path,
    lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size, pointerSize: 134 },
  }
}

function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  fault: HubServer['faults'][number] | undefined,
  onBytes: () => void,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const body = Buffer.from(bytes.subarray(start))
  const range = start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length, ...range })
  if (fault === 'cut') response.write(body.subarray(0, body.length / 2), () => response.socket?.end())
  else if (fault === 'hang') response.write(body.subarray(0, body.length / 2), onBytes)
  else response.end(fault === 'other bytes' ? body.map((byte) => byte ^ 1) : body)
}
