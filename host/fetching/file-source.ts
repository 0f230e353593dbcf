import { createReadStream } from 'node:fs'
import { StudioError } from '../../core/contract/errors.ts'
import { request, shown } from './http-endpoint.ts'
import type { Endpoint } from './http-endpoint.ts'

/** Somewhere that a file can be read from. `open` tells where it begins: at `offset`, or at 0 when the server cannot skip. */
export type FileSource = Readonly<{
  shown: string
  open: (offset: number, signal: AbortSignal) => Promise<Readonly<{ offset: number; chunks: AsyncIterable<Uint8Array> }>>
}>

export const onDisk = (path: string): FileSource => ({
  shown: path,
  open: async (offset) => ({ offset, chunks: createReadStream(path, { start: offset }) }),
})

export function overHttp(endpoint: Endpoint): FileSource {
  return {
    shown: shown(endpoint.url),
    async open(offset, signal) {
      const range = offset > 0 ? { range: `bytes=${offset}-` } : {}
      const response = await request({ ...endpoint, headers: { ...endpoint.headers, ...range } }, signal)
      if (!response.body) throw new Error('the answer was empty')
      return { offset: resumedAt(response), chunks: response.body }
    },
  }
}

/** 206 continues where its Content-Range says; anything else begins anew. */
function resumedAt({ status, headers }: Response): number {
  if (status !== 206) return 0
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1]
  if (start === undefined) throw new Error('the server resumed at an unknown place')
  return Number(start)
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
export function unreachable(what: string, cause: unknown): StudioError {
  const said = cause instanceof Error ? cause : new Error(String(cause))
  const reason = said.cause instanceof Error ? said.cause.message : said.message
  return new StudioError(
    'unavailable',
    `${what} could not be fetched: ${reason}`,
    'Check the network and try again (what is here already is kept), or name a mirror: an address or a folder.',
    [],
    { cause },
  )
}
