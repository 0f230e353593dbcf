import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const Manifest = z.object({ name: z.literal('greenroom'), version: z.string() })

/** From the nearest package.json above: the repository's, or the one packed beside the built host. */
export function productVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    const manifest = existsSync(file) ? Manifest.safeParse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
    if (manifest?.success) return manifest.data.version
    if (dirname(folder) === folder) return 'unknown'
  }
}
