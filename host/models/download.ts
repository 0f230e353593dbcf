/**
 * Fetches a pinned file. Threat: a mirror, a proxy or a broken connection may give other bytes, more bytes, or none for ever. Nothing
 * is used before its SHA-256 is the pinned one, no more than the pinned size is written, and silence ends an attempt.
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
import type { PinnedFile } from './model-set.ts'

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

/** Resolves when `path` is the pinned file. What came before a cut or a cancel stays and is continued next time. */
export async function download(source: FileSource, pin: PinnedFile, path: string, options: DownloadOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const resumed = await sizeOf(path)
  await complete(source, pin, path, options)
  if (await isPinned(path, pin, options.signal)) return
  await rm(path, { force: true })
  if (resumed === 0) throw notPinned(source, pin)
  await complete(source, pin, path, options)
  if (await isPinned(path, pin, options.signal)) return
  await rm(path, { force: true })
  throw notPinned(source, pin)
}

async function complete(source: FileSource, pin: PinnedFile, path: string, options: DownloadOptions): Promise<void> {
  const { signal, patience = PATIENCE } = options
  let failures = 0
  for (;;) {
    const before = await sizeOf(path)
    options.onBytes(Math.min(before, pin.bytes))
    if (before >= pin.bytes) return
    try {
      await append(source, pin, path, before, options)
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof StudioError) throw cause
      failures = (await sizeOf(path)) > before ? 1 : failures + 1
      const wait = patience[failures]
      if (wait === undefined || cause instanceof Refused) throw unreachable(source.shown, cause)
      await sleep(wait, undefined, { signal })
    }
  }
}

async function append(source: FileSource, pin: PinnedFile, path: string, from: number, options: DownloadOptions): Promise<void> {
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
        if (at + chunk.byteLength > pin.bytes) throw notPinned(source, pin)
        await file.write(chunk, 0, chunk.byteLength, at)
        at += chunk.byteLength
        options.onBytes(at)
      }
      if (at < pin.bytes) throw new Error(`it ended after ${at} of ${pin.bytes} bytes`)
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

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0

async function isPinned(path: string, pin: PinnedFile, signal: AbortSignal): Promise<boolean> {
  if ((await sizeOf(path)) !== pin.bytes) return false
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
  return hash.digest('hex') === pin.sha256
}

const notPinned = (source: FileSource, { file }: PinnedFile) =>
  new StudioError(
    'provider_failed',
    `${source.shown} is not the ${file} that Greenroom expects (size or SHA-256 differ); nothing of it was used`,
    'Try again; if it stays so, name another mirror.',
  )
