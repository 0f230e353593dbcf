/**
 * The server's keys, which seal the data keys of tenants' secrets. Threat: whoever reads the store has nothing without them; so they come
 * from the environment (GREENROOM_SECRET_KEY: 32 bytes in base64, or a passphrase, which scrypt makes slow to guess) and are in this
 * process's memory alone. The key of before (GREENROOM_SECRET_KEY_OLD) still opens what it sealed, until `greenroom secrets rotate`
 * has sealed all anew. A host on its own data folder without a key of the environment has one in a file beside it, which
 * protects a copy of the database and no more.
 */
import { createHash, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { StudioError } from '../../core/contract/errors.ts'
import { PASSPHRASE } from './file-key.ts'
import { keyFromFile } from './secret-cipher.ts'

export type ServerKey = Readonly<{ key_id: string; key: Buffer }>

export type KeyRing = Readonly<{
  /** Seals what is new. Throws `unavailable` when the environment has none. */
  present: () => Promise<ServerKey>
  /** Undefined: it is not among those that this server was given. */
  find: (key_id: string) => Promise<ServerKey | undefined>
  /** The key is not beside what it protects. */
  isStrong: boolean
}>

const OLD = `${PASSPHRASE}_OLD`
const KEY_BYTES = 32
const FEWEST_CHARACTERS = 16
/** The same on every instance: they open each other's secrets. What is guessed is slow all the same. */
const SALT = 'greenroom server key'
const derive = promisify<string, string, number, { N: number; maxmem: number }, Buffer>(scrypt)

export type KeyRingOptions = Readonly<{
  environment: NodeJS.ProcessEnv
  /** Of a host on its own data folder; absent: a shared store, whose key every instance must be given. */
  data_dir?: string | undefined
}>

export function openKeyRing({ environment, data_dir }: KeyRingOptions): KeyRing {
  const given = environment[PASSPHRASE]?.trim()
  const before = [environment[OLD]?.trim()].flatMap((text) => text || [])
  let present: Promise<ServerKey> | undefined
  let old: Promise<readonly ServerKey[]> | undefined
  const getPresent = () => (present ??= given ? readKey(given) : fromFile(data_dir))
  const getOld = () => (old ??= Promise.all(before.map(readKey)))
  return {
    present: getPresent,
    find: async (key_id) => {
      const all = given || data_dir !== undefined ? [await getPresent(), ...(await getOld())] : await getOld()
      const found = all.find((one) => one.key_id === key_id)
      // Sealed before the environment had a key: the file may still be there.
      return found ?? (data_dir === undefined ? undefined : [await fromFile(data_dir)].find((one) => one.key_id === key_id))
    },
    isStrong: Boolean(given),
  }
}

/** Of a server, whose store others may read: a passphrase that is guessed in minutes is refused. */
export function requireStrongPassphrase(environment: NodeJS.ProcessEnv): void {
  const given = environment[PASSPHRASE]?.trim() ?? ''
  if (given === '' || given.length >= FEWEST_CHARACTERS) return
  throw new StudioError(
    'malformed',
    `${PASSPHRASE} has ${given.length} characters, which are soon guessed.`,
    `Give it at least ${FEWEST_CHARACTERS}, or 32 random bytes in base64: openssl rand -base64 32`,
  )
}

/** 32 bytes in base64 are a key as they are. */
async function readKey(text: string): Promise<ServerKey> {
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : undefined
  return withId(bytes?.length === KEY_BYTES ? bytes : await derive(text, SALT, KEY_BYTES, { N: 2 ** 15, maxmem: 2 ** 26 }))
}

async function fromFile(data_dir: string | undefined): Promise<ServerKey> {
  if (data_dir !== undefined) return withId(await keyFromFile(data_dir))
  throw new StudioError(
    'unavailable',
    `Secrets cannot be kept or read: ${PASSPHRASE} is not set on this server.`,
    `Set ${PASSPHRASE} to the same 32 bytes in base64 (openssl rand -base64 32) on every instance, and start again.`,
  )
}

const withId = (key: Buffer): ServerKey => ({
  key_id: createHash('sha256').update('greenroom key id').update(key).digest('hex').slice(0, 16),
  key,
})
