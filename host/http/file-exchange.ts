/*
 * Threat model: the page must read and write files that the person picked, and no other. So it never names a path: bytes come and go
 * under random ids that work once, expire, and lie in a private folder that each start empties; a shell's native dialog turns one path into one grant.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import * as z from 'zod'
import { StudioError } from '../../core/contract/errors.ts'

const LIFETIME_MS = 15 * 60_000
/** More than the largest bundle that an import takes. */
export const UPLOAD_LIMIT = 64 * 1024 * 1024
const MOST_AT_ONCE = 32

export type Download = Readonly<{ file_name: string; bytes: Uint8Array }>

/** Files on their way between the page (or the shell) and the host. */
export type FileExchange = Readonly<{
  /** Keeps what comes in; throws `too_large`. */
  receive: (body: Readable) => Promise<string>
  /** May be read again until it expires. */
  takeUpload: (upload_id: string) => Promise<Uint8Array>
  /** Path on this origin that gives the file once. */
  offerDownload: (download: Download) => string
  takeDownload: (download_id: string) => Download
  grant: (access: 'read' | 'write', path: string) => string
  /** The path that the person picked; once. */
  readGrant: (grant: string) => string
  writeGrant: (grant: string) => string
  close: () => Promise<void>
}>

type Entry<Value> = Readonly<{ value: Value; expires: number }>

/** `dir` is this exchange's alone. */
export async function createFileExchange(dir: string, clock: () => number): Promise<FileExchange> {
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const uploads = new Map<string, Entry<string>>()
  const downloads = new Map<string, Entry<Download>>()
  const grants = { read: new Map<string, Entry<string>>(), write: new Map<string, Entry<string>>() }
  const keep = <Value>(entries: Map<string, Entry<Value>>, value: Value, id = randomBytes(24).toString('base64url')): string => {
    entries.set(id, { value, expires: clock() + LIFETIME_MS })
    return id
  }
  const take = <Value>(entries: Map<string, Entry<Value>>, id: string, once: boolean): Value => {
    const entry = entries.get(id)
    if (once) entries.delete(id)
    if (entry && entry.expires > clock()) return entry.value
    throw new StudioError('not_found', 'This file is no longer held for you.', 'Choose it again; files are kept for 15 minutes.')
  }
  return {
    receive: async (body) => {
      const id = randomBytes(24).toString('base64url')
      const path = join(dir, id)
      await writeLimited(body, path)
      for (const stale of dropOld(uploads, clock())) await rm(stale, { force: true })
      return keep(uploads, path, id)
    },
    takeUpload: (upload_id) => readFile(take(uploads, upload_id, false)),
    offerDownload: (download) => {
      dropOld(downloads, clock())
      return `/files/download/${keep(downloads, download)}`
    },
    takeDownload: (download_id) => take(downloads, download_id, true),
    grant: (access, path) => {
      dropOld(grants[access], clock())
      return keep(grants[access], path)
    },
    readGrant: (grant) => take(grants.read, grant, true),
    writeGrant: (grant) => take(grants.write, grant, true),
    close: () => rm(dir, { recursive: true, force: true }),
  }
}

/** The bytes are counted, whatever length was claimed. The request stays open on a refusal, so that the refusal can be answered. */
async function writeLimited(body: Readable, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    let size = 0
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      const bytes = Bytes.parse(chunk)
      size += bytes.byteLength
      if (size > UPLOAD_LIMIT) throw tooLarge()
      await file.write(bytes)
    }
  } catch (cause) {
    await rm(path, { force: true })
    throw cause
  } finally {
    await file.close()
  }
}

const Bytes = z.instanceof(Uint8Array)

const tooLarge = (): StudioError =>
  new StudioError(
    'too_large',
    `The file is larger than ${UPLOAD_LIMIT / 1024 / 1024} MB.`,
    'A bundle of an agent is far smaller; is it the right file?',
  )

/** What has expired, and the oldest beyond what is kept at once. */
function dropOld<Value>(entries: Map<string, Entry<Value>>, now: number): Value[] {
  const dropped: Value[] = []
  for (const [id, { value, expires }] of entries) {
    if (expires > now && entries.size < MOST_AT_ONCE) continue
    entries.delete(id)
    dropped.push(value)
  }
  return dropped
}
