import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const MODULE = /^[^._].*\.(?:mjs|js|mts|ts)$/
const NOT_ONE = /\.d\.m?ts$|\.(?:test|spec)\.m?[jt]s$/
const ENTRIES = ['index.mjs', 'index.js', 'index.mts', 'index.ts']
const BESIDE: ReadonlySet<string> = new Set(['node_modules', 'test', 'tests'])

/** Modules of a folder, below it: its own files, and the `index` of each folder in it. Names that begin with "_" or "." are for what modules share. */
export function findExtensions(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return MODULE.test(entry.name) && !NOT_ONE.test(entry.name) ? [entry.name] : []
      if (BESIDE.has(entry.name) || /^[._]/.test(entry.name)) return []
      const files = new Set(readdirSync(join(folder, entry.name)))
      const index = ENTRIES.find((name) => files.has(name))
      return index === undefined ? [] : [join(entry.name, index)]
    })
}
