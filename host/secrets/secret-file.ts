/**
 * What is known about the secrets of a data folder: names and dates, where each is kept, and ciphertext where there is no keychain.
 * Threat: other users of the machine (the file is for its owner alone), a crash while writing (written beside, then renamed), and a
 * damaged file (refused, never overwritten).
 */
import { randomUUID } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { StudioError } from '../../core/contract/errors.ts'
import { Sealed } from './secret-cipher.ts'

const Entry = z.discriminatedUnion('kept_in', [
  z.object({ kept_in: z.literal('keychain'), updated_at: z.int() }),
  z.object({ kept_in: z.literal('encrypted_file'), updated_at: z.int(), sealed: Sealed }),
])
export type Entry = Readonly<z.infer<typeof Entry>>

/** `id` keeps the folders of one user apart in one keychain, and salts the passphrase; `lock` tells whether a passphrase is the right one. */
const SecretIndex = z.object({
  format: z.literal(1),
  id: z.string(),
  lock: Sealed.optional(),
  secrets: z.record(z.string(), Entry),
})
export type SecretIndex = Readonly<z.infer<typeof SecretIndex>>

export type SecretFile = Readonly<{
  read: () => Promise<SecretIndex>
  /** One change after another, each on what the last one wrote. */
  change: (edit: (index: SecretIndex) => Promise<Omit<SecretIndex, 'format' | 'id'>>) => Promise<void>
}>

export function openSecretFile(data_dir: string): SecretFile {
  const path = join(data_dir, 'secrets.json')
  const empty: SecretIndex = { format: 1, id: randomUUID(), secrets: {} }
  let last: Promise<unknown> = Promise.resolve()

  async function read(): Promise<SecretIndex> {
    const text = await readFile(path, 'utf8').catch(absent)
    return text === undefined ? empty : parse(text, path)
  }
  return {
    read,
    change(edit) {
      const mine = last.then(async () => {
        const index = await read()
        const { lock, secrets } = await edit(index)
        await replace(path, { format: 1, id: index.id, ...(lock && { lock }), secrets })
      })
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

function absent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}

function parse(text: string, path: string): SecretIndex {
  try {
    return SecretIndex.parse(JSON.parse(text))
  } catch {
    throw new StudioError(
      'unavailable',
      `${path} is damaged or was written by a newer Greenroom`,
      'Put a backup in its place, or move it away and set the keys anew.',
    )
  }
}

async function replace(path: string, index: SecretIndex): Promise<void> {
  const beside = `${path}.${randomUUID()}`
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(index, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
}
