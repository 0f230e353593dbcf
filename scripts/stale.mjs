import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run.mjs'

const SOURCES = [
  'core',
  'host',
  'agent-runtime',
  'renderer',
  'electron',
  'scripts/bundle-runtime.mjs',
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.renderer.config.ts',
  'tsconfig.base.json',
]
const STAMP = join(ROOT, 'out', '.built')

/** Names, sizes and times of all that is built from: equal fingerprints mean that nothing needs building. */
export function fingerprint() {
  const hash = createHash('sha256')
  const add = (path) => {
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false })
    if (!stat) return
    if (!stat.isDirectory()) return void hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`)
    for (const entry of readdirSync(join(ROOT, path)).sort()) add(`${path}/${entry}`)
  }
  SOURCES.forEach(add)
  return hash.digest('hex')
}

export function isStale() {
  try {
    return readFileSync(STAMP, 'utf8') !== fingerprint()
  } catch (error) {
    if (error.code === 'ENOENT') return true
    throw error
  }
}

export function markBuilt() {
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  writeFileSync(STAMP, fingerprint())
}
