import { crc32 } from 'node:zlib'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import type { BundleFiles } from '../../core/bundle/bundle-format.ts'
import { bundlePathProblem } from '../../core/bundle/bundle-path.ts'
import { StudioError } from '../../core/contract/errors.ts'

/**
 * Threat: the archive comes from a stranger who wants to write outside, exhaust memory or disk, or have two programs see different files.
 * Nothing is written here, and nothing is believed: names are checked against the few that a bundle has, sizes are counted while the
 * bytes come, and the first lie ends the reading.
 */
export const ZIP_LIMITS = {
  archive_bytes: 32_000_000,
  entries: 3_000,
  file_bytes: 4_000_000,
  total_bytes: 64_000_000,
  ratio: 200,
} as const

const STORED = 0
const DEFLATED = 8
const FILE_KIND = 0o170000
const REGULAR_FILE = 0o100000
const UNICODE_PATH_FIELD = 0x7075

/** The files of a bundle, manifest included. Throws `malformed` or `too_large` with the reason. */
export async function readZip(bytes: Uint8Array): Promise<BundleFiles> {
  if (bytes.byteLength > ZIP_LIMITS.archive_bytes) throw tooLarge(`is larger than ${megabytes(ZIP_LIMITS.archive_bytes)}`)
  const zip = await openZip(bytes)
  try {
    if (zip.entryCount > ZIP_LIMITS.entries)
      throw tooLarge(`holds ${zip.entryCount} files; at most ${ZIP_LIMITS.entries} are read`)
    return await readEntries(zip)
  } catch (cause) {
    throw cause instanceof StudioError ? cause : malformed(`cannot be read: ${reasonOf(cause)}`, cause)
  } finally {
    zip.close()
  }
}

async function openZip(bytes: Uint8Array): Promise<ZipFile> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return await fromBufferPromise(buffer, {
      lazyEntries: true,
      decodeStrings: false,
      validateEntrySizes: true,
      autoClose: false,
    })
  } catch (cause) {
    throw malformed(`is not a zip archive: ${reasonOf(cause)}`, cause)
  }
}

async function readEntries(zip: ZipFile): Promise<BundleFiles> {
  const files = new Map<string, string>()
  const seen = new Set<string>()
  let total = 0
  for await (const entry of zip.eachEntry()) {
    const path = nameOf(entry)
    const folded = path.normalize('NFC').toLowerCase()
    if (seen.has(folded)) throw malformed(`holds "${path}" twice (upper and lower case are one)`)
    seen.add(folded)
    if (isFolder(entry, path)) continue
    refuseUnlessPlain(entry, path)
    await refuseIfLocalHeaderDiffers(zip, entry, path)
    const content = await readContent(zip, entry, path, ZIP_LIMITS.total_bytes - total)
    total += content.byteLength
    files.set(path, textOf(content, path))
  }
  return files
}

function nameOf(entry: Entry): string {
  const raw = rawName(entry)
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch (cause) {
    throw malformed('holds a file whose name is not UTF-8', cause)
  }
  if (raw.some((byte) => byte > 127) && (entry.generalPurposeBitFlag & 0x800) === 0)
    throw malformed(`holds a file whose name is not marked as UTF-8: ${printable(name)}`)
  if (entry.extraFields.some(({ id }) => id === UNICODE_PATH_FIELD)) throw malformed(`gives ${printable(name)} a second name`)
  const problem = bundlePathProblem(name.replace(/(?<=.)\/$/, ''))
  if (problem && !isBundleFolder(name)) throw malformed(`holds ${printable(name)}, which ${problem}`)
  return name
}

/** Zip tools add entries for folders; those that a bundle's files lie in are harmless. */
const isBundleFolder = (name: string): boolean =>
  /^versions\/(?:[^/\\]+\/)?$/.test(name) && (name === 'versions/' || !bundlePathProblem(`${name}agent.json`))

function isFolder(entry: Entry, path: string): boolean {
  if (!path.endsWith('/')) return false
  if (!isBundleFolder(path) || entry.uncompressedSize > 0)
    throw malformed(`holds ${printable(path)}, which is no folder of a bundle`)
  return true
}

function refuseUnlessPlain(entry: Entry, path: string): void {
  if (entry.isEncrypted()) throw malformed(`holds ${path} encrypted`)
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    throw malformed(`holds ${path} packed by a method (${entry.compressionMethod}) that bundles do not use`)
  const kind = (entry.externalFileAttributes >>> 16) & FILE_KIND
  if (kind !== 0 && kind !== REGULAR_FILE) throw malformed(`holds ${path} as a link or device`)
  if (entry.uncompressedSize > ZIP_LIMITS.file_bytes)
    throw tooLarge(`holds ${path} with ${entry.uncompressedSize} bytes; at most ${megabytes(ZIP_LIMITS.file_bytes)} are read`)
}

/** Some programs believe the header in front of the data: a bundle that tells them another story is refused. */
async function refuseIfLocalHeaderDiffers(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  const local = await zip.readLocalFileHeaderPromise(entry, {})
  const sizesFollow = (local.generalPurposeBitFlag & 0x8) !== 0
  const sameName = local.fileName.equals(rawName(entry))
  const sameData =
    sizesFollow || (local.uncompressedSize === entry.uncompressedSize && local.compressedSize === entry.compressedSize)
  if (!sameName || !sameData || local.compressionMethod !== entry.compressionMethod)
    throw malformed(`describes ${path} in two ways that differ`)
}

async function readContent(zip: ZipFile, entry: Entry, path: string, left: number): Promise<Buffer> {
  const limit = Math.min(ZIP_LIMITS.file_bytes, left, Math.max(entry.compressedSize, 1_000) * ZIP_LIMITS.ratio)
  const stream = await zip.openReadStreamPromise(entry, {})
  const parts: Buffer[] = []
  let size = 0
  for await (const part of stream) {
    if (!Buffer.isBuffer(part)) continue
    size += part.byteLength
    if (size > limit) {
      stream.destroy()
      throw tooLarge(`unpacks ${path} to far more than a bundle holds`)
    }
    parts.push(part)
  }
  const content = Buffer.concat(parts)
  if (size !== entry.uncompressedSize) throw malformed(`holds ${path} with ${size} bytes and says ${entry.uncompressedSize}`)
  if (crc32(content) !== entry.crc32) throw malformed(`holds ${path} damaged (its checksum is wrong)`)
  return content
}

function textOf(content: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch (cause) {
    throw malformed(`holds ${path}, which is not UTF-8 text`, cause)
  }
}

const rawName = (entry: Entry): Buffer => entry.fileNameRaw
const megabytes = (bytes: number): string => `${bytes / 1_000_000} MB`
const printable = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
const malformed = (what: string, cause?: unknown): StudioError =>
  new StudioError(
    'malformed',
    `The bundle ${what}`,
    'Nothing was imported. Use a bundle that Greenroom has exported.',
    [],
    cause === undefined ? undefined : { cause },
  )
const tooLarge = (what: string): StudioError =>
  new StudioError('too_large', `The bundle ${what}`, 'Nothing was imported. Export fewer versions into one bundle.')
