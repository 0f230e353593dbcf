import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StudioError } from '../../core/contract/errors.ts'
import { indexedFile } from './package-index.ts'
import { endpointOf, request, shown } from './http-endpoint.ts'
import type { Endpoint } from './http-endpoint.ts'
import type { PinnedFile } from './model-set.ts'

/** Somewhere that a file can be read from. `open` tells where it begins: at `offset`, or at 0 when the server cannot skip. */
export type FileSource = Readonly<{
  shown: string
  open: (offset: number, signal: AbortSignal) => Promise<Readonly<{ offset: number; chunks: AsyncIterable<Uint8Array> }>>
}>

/** Finds a file in a folder, behind a package index, or flat below a base URL. Throws StudioError when it is not there. */
export async function findSource(base: string, pin: PinnedFile, signal: AbortSignal): Promise<FileSource> {
  if (!/^https?:/i.test(base)) return inFolder(base.startsWith('file:') ? fileURLToPath(base) : base, pin)
  const endpoint = endpointOf(base)
  try {
    return overHttp((await indexedFile(endpoint, pin, signal)) ?? flat(endpoint, pin))
  } catch (cause) {
    signal.throwIfAborted()
    throw unreachable(shown(endpoint.url), cause)
  }
}

async function inFolder(folder: string, { file }: PinnedFile): Promise<FileSource> {
  const path = join(folder, file)
  const there = await stat(path).catch(() => undefined)
  if (!there?.isFile()) {
    throw new StudioError(
      'not_found',
      `"${file}" is not in ${folder}`,
      'Name the folder or address that holds the files of the set.',
    )
  }
  return { shown: path, open: async (offset) => ({ offset, chunks: createReadStream(path, { start: offset }) }) }
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

const flat = ({ url, headers }: Endpoint, { file }: PinnedFile): Endpoint => ({ url: new URL(file, folderUrl(url)), headers })

const folderUrl = (url: URL) => new URL(url.pathname.endsWith('/') ? url.href : `${url.href}/`)

function overHttp(endpoint: Endpoint): FileSource {
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
