/**
 * The key that opens the sealed secrets. Threat: whoever copies the data folder. With a passphrase (typed at each start, or in
 * GREENROOM_SECRET_KEY) nothing in the folder opens them, and this process keeps the derived key in memory alone; without one the key is
 * a file beside them, which is weak and said to be so. Guessing is slowed by scrypt; a wrong passphrase is told by the lock, a sealed
 * text of ours, and never by a secret that comes out as nonsense.
 */
import { rm } from 'node:fs/promises'
import { StudioError } from '../../core/contract/errors.ts'
import { KEY_FILE, keyFromFile, keyFromPassphrase, seal, unseal, type Sealed } from './secret-cipher.ts'
import type { SecretIndex } from './secret-file.ts'
import { join } from 'node:path'

export const PASSPHRASE = 'GREENROOM_SECRET_KEY'
const LOCK = 'lock'

export type FileKey = Readonly<{
  /** Throws `unavailable` while the file waits for its passphrase. */
  of: (index: SecretIndex) => Promise<Buffer>
  isLocked: (index: SecretIndex) => Promise<boolean>
  /** Whether something other than a file beside them is needed to open the secrets. */
  isStrong: (index: SecretIndex) => boolean
  /** Throws `forbidden` when it is not the passphrase. */
  unlock: (index: SecretIndex, passphrase: string) => Promise<void>
  /**
   * The key and the lock for another passphrase; an empty one: the file's key and no lock. Used from `adopt` on. Throws `conflict` when the
   * environment names a different one.
   */
  next: (
    index: SecretIndex,
    passphrase: string,
  ) => Promise<Readonly<{ key: Buffer; lock: Sealed | undefined; adopt: () => Promise<void> }>>
}>

export function createFileKey(data_dir: string, environment: NodeJS.ProcessEnv): FileKey {
  const given = environment[PASSPHRASE]
  let derived: Buffer | undefined

  const fits = (key: Buffer, lock: Sealed): boolean => {
    try {
      return unseal(key, LOCK, lock) === LOCK
    } catch {
      return false // not this passphrase: that is the question
    }
  }
  async function derive(index: SecretIndex): Promise<Buffer | undefined> {
    if (derived) return derived
    if (!given) return undefined
    const key = await keyFromPassphrase(given, index.id)
    if (index.lock && !fits(key, index.lock)) return undefined
    return (derived = key)
  }

  return {
    async of(index) {
      const key = await derive(index)
      if (key) return key
      if (index.lock) throw locked()
      return keyFromFile(data_dir)
    },
    isLocked: async (index) => index.lock !== undefined && (await derive(index)) === undefined,
    isStrong: (index) => index.lock !== undefined || Boolean(given),
    async unlock(index, passphrase) {
      if (!index.lock) throw new StudioError('conflict', 'The keys have no passphrase', 'Nothing has to be unlocked.')
      const key = await keyFromPassphrase(passphrase, index.id)
      if (!fits(key, index.lock)) throw new StudioError('forbidden', 'That is not the passphrase', 'Try again.')
      derived = key
    },
    async next(index, passphrase) {
      if (given && passphrase !== given) throw givenElsewhere()
      if (passphrase === '') {
        return { key: await keyFromFile(data_dir), lock: undefined, adopt: async () => void (derived = undefined) }
      }
      const key = await keyFromPassphrase(passphrase, index.id)
      const adopt = async () => {
        derived = key
        await rm(join(data_dir, KEY_FILE), { force: true })
      }
      return { key, lock: seal(key, LOCK, LOCK), adopt }
    },
  }
}

/** The next start would read the variable again, and open nothing. */
const givenElsewhere = () =>
  new StudioError(
    'conflict',
    `${PASSPHRASE} says which passphrase protects the keys, so another one would not open them at the next start`,
    `Start Greenroom without ${PASSPHRASE} (it then asks for the passphrase), and change it there.`,
  )

const locked = () =>
  new StudioError(
    'unavailable',
    'The keys are locked',
    `Unlock them with their passphrase under Models & keys, or start Greenroom with ${PASSPHRASE} set to it.`,
  )
