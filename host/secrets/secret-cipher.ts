/**
 * Encrypts what the secrets file holds where there is no keychain: AES-256-GCM, a fresh nonce each time, bound to the secret's name so
 * that one entry cannot be put in another's place. Whoever has the key has the secrets: with GREENROOM_SECRET_KEY it is not on the disk;
 * otherwise it is a file that only this user may read, which protects a copied or backed-up secrets file, and not against this user's
 * other programs.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'

/** All in base64. */
export const Sealed = z.object({ nonce: z.base64(), data: z.base64(), tag: z.base64() })
export type Sealed = Readonly<z.infer<typeof Sealed>>

const KEY_BYTES = 32
export const KEY_FILE = 'secrets.key'

export function seal(key: Buffer, name: string, value: string): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const data = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return { nonce: nonce.toString('base64'), data: data.toString('base64'), tag: cipher.getAuthTag().toString('base64') }
}

/** Throws when the key is another one or the entry was changed. */
export function unseal(key: Buffer, name: string, { nonce, data, tag }: Sealed): string {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(tag, 'base64'))
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8')
}

const derive = promisify<string, string, number, Buffer>(scrypt)

/** The key from what the user has set, slow to guess. */
export const keyFromPassphrase = (passphrase: string, salt: string): Promise<Buffer> => derive(passphrase, salt, KEY_BYTES)

/** The key from its file beside the secrets, which is made the first time. Throws when the file is not a key. */
export async function keyFromFile(data_dir: string): Promise<Buffer> {
  const path = join(data_dir, KEY_FILE)
  await writeFile(path, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flag: 'wx' }).catch(unlessThere)
  const key = Buffer.from(await readFile(path, 'utf8'), 'base64')
  if (key.length !== KEY_BYTES) throw new Error(`${path} is not a key`)
  return key
}

function unlessThere(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'EEXIST') throw cause
}
