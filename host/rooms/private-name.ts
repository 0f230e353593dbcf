import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = 'studio-id'

/** Under which name this studio's own calls are dispatched: people who share a server never take each other's calls. */
export function privateName(data_dir: string): string {
  return `studio-${createHash('sha256').update(folderId(data_dir)).digest('hex').slice(0, 16)}`
}

/** Made once for a data folder. */
function folderId(data_dir: string): string {
  const file = join(data_dir, FILE)
  const known = read(file)
  if (known) return known
  const id = randomUUID()
  mkdirSync(data_dir, { recursive: true })
  writeFileSync(file, id, { mode: 0o600 })
  return id
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
