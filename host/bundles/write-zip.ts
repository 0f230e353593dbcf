import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import type { BundleFiles } from '../../core/bundle/bundle-format.ts'

/**
 * The same files give the same bytes on every machine: the order is the map's, the time is fixed, and nothing is
 * compressed, because deflate differs between builds of zlib.
 */
export async function writeZip(files: BundleFiles): Promise<Buffer> {
  const zip = new ZipFile()
  // yazl writes local time, so this is the same in whatever zone the machine is.
  const mtime = new Date(2000, 0, 1)
  for (const [path, text] of files) {
    zip.addBuffer(Buffer.from(text, 'utf8'), path, { mtime, forceDosTimestamp: true, mode: 0o100644, compress: false })
  }
  zip.end()
  return buffer(zip.outputStream)
}
