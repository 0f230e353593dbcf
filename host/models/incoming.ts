import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where models are fetched and made, on the same disk as they will lie: moving them into place is one step then. */
export const incomingFolder = (models_dir: string): string => join(models_dir, '.incoming')

/** No work takes so long; what is older was left by a process that was killed. */
const ABANDONED_MS = 12 * 60 * 60 * 1000

/** Gives `work` a folder of its own that is gone afterwards, whatever happens. Partial downloads lie beside it and stay. */
export async function inWorkFolder<Value>(models_dir: string, work: (folder: string) => Promise<Value>): Promise<Value> {
  const incoming = incomingFolder(models_dir)
  await sweep(incoming)
  const folder = join(incoming, `.${randomUUID()}`)
  await mkdir(folder, { recursive: true })
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The empty folder goes; one that still holds partial downloads stays. */
export const leaveIncoming = (models_dir: string): Promise<void> => rmdir(incomingFolder(models_dir)).catch(() => undefined)

async function sweep(incoming: string): Promise<void> {
  const names = await readdir(incoming).catch(() => [])
  for (const name of names.filter((one) => one.startsWith('.'))) {
    const { mtimeMs } = await stat(join(incoming, name)).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(join(incoming, name), { recursive: true, force: true })
  }
}
