import type { Database } from 'better-sqlite3'
import { join } from 'node:path'

export type Recovery = Readonly<{ file: string; at: number; set_aside: string; report: string }>

export function openOrRecover(
  dir: string,
  name: string,
  open: (file: string) => Database,
): { database: Database; recovery?: Recovery } {
  return { database: open(join(dir, name)) }
}
