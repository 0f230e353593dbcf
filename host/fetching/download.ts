/**
 * Fetches a file. Threat: a mirror, a proxy or a broken connection may give other bytes, more bytes, or none for ever. Nothing
 * is used before its hash is the expected one, no more than the expected size is written, and silence ends an attempt.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { StudioError } from '../../core/contract/errors.ts'
import { unreachable } from './file-source.ts'
import type { FileSource } from './file-source.ts'
import { Refused } from './http-endpoint.ts'
import type { WantedFile } from './wanted-file.ts'

export type DownloadOptions = Readonly<{
  signal: AbortSignal
  /** Bytes of this file that are here now. */
  onBytes: (bytes: number) => void
  /** Before the n-th attempt in a row that brought nothing, ms. */
  patience?: readonly number[]
  stallMs?: number
}>

const PATIENCE = [0, 500, 1000, 2000, 4000]
const STALL_MS = 30_000

/** Resolves when `path` is the wanted file. What came before a cut or a cancel stays and is continued next time. */
export async function download(source: FileSource, wanted: WantedFile, path: string, options: DownloadOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const resumed = await sizeOf(path)
  await complete(source, wanted, path, options)
  if (await isWanted(path, wanted, options.signal)) return
  await rm(path, { force: true })
  if (resumed === 0) throw notWanted(source, wanted)
  await complete(source, wanted, path, options)
  if (await isWanted(path, wanted, options.signal)) return
  await rm(path, { force: true })
  throw notWanted(source, wanted)
}

async function complete(source: FileSource, wanted: WantedFile, path: string, options: DownloadOptions): Promise<void> {
  const { signal, patience = PATIENCE } = options
  let failures = 0
  for (;;) {
    const before = await sizeOf(path)
    options.onBytes(Math.min(before, wanted.bytes))
    if (before >= wanted.bytes) return
    try {
      await append(source, wanted, path, before, options)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof StudioError) throw cause
      if (isFull(cause)) throw diskFull(path, cause)
      failures = (await sizeOf(path)) > before ? 1 : failures + 1
      const wait = patience[failures]
      if (wait === undefined || cause instanceof Refused) throw unreachable(source.shown, cause)
      await sleep(wait, undefined, { signal })
    }
  }
}

async function append(
  source: FileSource,
  wanted: WantedFile,
  path: string,
  from: number,
  options: DownloadOptions,
): Promise<void> {
  const stalled = new AbortController()
  const signal = AbortSignal.any([options.signal, stalled.signal])
  const silence = setTimeout(() => stalled.abort(new Error('nothing came any more')), options.stallMs ?? STALL_MS)
  try {
    const { offset, chunks } = await source.open(from, signal)
    if (offset > from) throw new Error('the server skipped a part')
    const file = await open(path, from === 0 ? 'w' : 'r+')
    try {
      await file.truncate(offset)
      let at = offset
      for await (const chunk of chunks) {
        signal.throwIfAborted()
        silence.refresh()
        if (at + chunk.byteLength > wanted.bytes) throw notWanted(source, wanted)
        await file.write(chunk, 0, chunk.byteLength, at)
        at += chunk.byteLength
        options.onBytes(at)
      }
      if (at < wanted.bytes) throw new Error(`it ended after ${at} of ${wanted.bytes} bytes`)
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof StudioError && cause.code === 'provider_failed') await rm(path, { force: true })
    throw cause
  } finally {
    clearTimeout(silence)
  }
}

const isFull = (cause: unknown) =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')

const diskFull = (path: string, cause: unknown) =>
  new StudioError(
    'unavailable',
    `The disk is full: ${dirname(path)} takes no more`,
    'Free some space and fetch again; what came so far is kept. Or choose another models folder in Settings.',
    [],
    { cause },
  )

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0

/** Without a hash the size has to do: the place is one that the user named. */
async function isWanted(path: string, { bytes, sha256, git_sha1 }: WantedFile, signal: AbortSignal): Promise<boolean> {
  if ((await sizeOf(path)) !== bytes) return false
  const expected = sha256 ?? git_sha1
  if (expected === undefined) return true
  const hash = createHash(sha256 === undefined ? 'sha1' : 'sha256')
  if (sha256 === undefined) hash.update(`blob ${bytes}\0`)
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
  return hash.digest('hex') === expected
}

const notWanted = (source: FileSource, { name }: WantedFile) =>
  new StudioError(
    'provider_failed',
    `${source.shown} is not the ${name} that Greenroom expects (size or SHA-256 differ); nothing of it was used`,
    'Try again; if it stays so, name another mirror.',
  )
