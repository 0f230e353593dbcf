/**
 * Keys of providers. Threat: they must not be found in the database, logs, exports, the page, or the environment and arguments of
 * processes. They lie in the system's keychain, or sealed in a file; they leave here only through `resolve`, to be sent over IPC to
 * the one process whose session needs them. No message, log line or error names a value.
 */
import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'
import type { OutputOf } from '../../core/contract/index.ts'
import type { SecretState } from '../../core/contract/secrets.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { openKeychain } from './keychain.ts'
import type { Keychain } from './keychain.ts'
import { readEnvFile } from './env-file.ts'
import { PASSPHRASE, createFileKey } from './file-key.ts'
import { seal, unseal } from './secret-cipher.ts'
import { parseReference, variable } from './references.ts'
import { openSecretFile } from './secret-file.ts'
import type { Entry } from './secret-file.ts'

export type Secrets = Readonly<{
  /** Whether each change writes its audit row itself, in its own transaction. */
  keepsAudit: boolean
  /** All that are kept, and the state of each reference asked about. */
  states: (references: readonly string[]) => Promise<SecretState[]>
  set: (name: string, value: string) => Promise<SecretState>
  /** Nothing of it is left afterwards; there need not be one. */
  delete: (name: string) => Promise<void>
  protection: () => Promise<Readonly<{ protection: Protection; warning?: string }>>
  /** Each NAME=value that looks like a key, or is named, becomes `secret:NAME`. */
  importEnv: (text: string, names?: readonly string[]) => Promise<OutputOf<'secret.import_env'>>
  /** Seals the file anew with a passphrase; an empty one takes it off. Throws `conflict` where a keychain does the work. */
  protect: (passphrase: string) => Promise<void>
  unlock: (passphrase: string) => Promise<void>
  /** `secret:NAME` and `env:NAME` → value; without the variable a kept secret of its name serves, so that an imported .env does.
   * Throws `not_found` with the names of those that are missing. */
  resolve: (references: readonly string[]) => Promise<Readonly<Record<string, string>>>
}>

/** Those of each tenant; of a data folder, which has one, always the same. */
export type SecretsOf = (scope: TenantScope) => Secrets

type Protection = OutputOf<'secret.list'>['protection']

export type SecretsOptions = Readonly<{
  data_dir: string
  log: Logger
  /** Milliseconds since the epoch. */
  clock: () => number
  /** The host's own; GREENROOM_SECRET_KEY in it chooses the encrypted file. */
  environment?: NodeJS.ProcessEnv
  /** Absent: the system's. */
  keychain?: () => Promise<Keychain | undefined>
}>

const WEAK =
  'This computer offers no keychain, so keys are kept in an encrypted file whose own key lies beside it: a program that can read your files can read them. ' +
  `Set a passphrase under Models & keys, or start Greenroom with ${PASSPHRASE} set to a long one, to protect them better.`

export function createSecrets(options: SecretsOptions): Secrets {
  const { data_dir, log, clock, environment = process.env } = options
  const file = openSecretFile(data_dir)
  const fileKey = createFileKey(data_dir, environment)
  let opened: Promise<Keychain | undefined> | undefined
  /** Opened at the first need: it may ask the user. */
  const keychain = () =>
    (opened ??= environment[PASSPHRASE] ? Promise.resolve(undefined) : (options.keychain ?? (() => openKeychain(log)))())
  const account = (id: string, name: string) => `${id}/${name}`

  async function read(name: string): Promise<string | undefined> {
    const index = await file.read()
    const entry = own(index.secrets, name)
    if (!entry) return undefined
    if (entry.kept_in === 'keychain') return (await keychain())?.get(account(index.id, name))
    const key = await fileKey.of(index)
    try {
      return unseal(key, name, entry.sealed)
    } catch (cause) {
      throw new StudioError(
        'unavailable',
        `The secret "${name}" cannot be opened with the present key`,
        `Set ${PASSPHRASE} as it was, or set the secret anew.`,
        [],
        { cause },
      )
    }
  }

  async function set(name: string, value: string): Promise<SecretState> {
    const clean = value.trim()
    if (clean === '') throw new StudioError('malformed', `The secret "${name}" would be empty`, 'Paste the key itself.')
    const chain = await keychain()
    const updated_at = clock()
    let entry: Entry = { kept_in: 'keychain', updated_at }
    await file.change(async (index) => {
      if (chain) await chain.set(account(index.id, name), clean)
      else entry = { kept_in: 'encrypted_file', updated_at, sealed: seal(await fileKey.of(index), name, clean) }
      return { ...index, secrets: { ...index.secrets, [name]: entry } }
    })
    return stateOf(name, entry, true)
  }

  return {
    keepsAudit: false,
    async states(references) {
      const { secrets } = await file.read()
      const chain = Object.values(secrets).some(({ kept_in }) => kept_in === 'keychain') ? await keychain() : undefined
      const kept = Object.entries(secrets).map(([name, entry]) =>
        stateOf(name, entry, entry.kept_in !== 'keychain' || chain !== undefined),
      )
      const known = new Set(kept.map(({ reference }) => reference))
      const asked = [...new Set(references)].filter((reference) => !known.has(reference))
      return [...kept, ...asked.map((reference) => stateOfReference(reference, environment, kept))]
    },
    set,
    async importEnv(text, names) {
      const entries = readEnvFile(text, names)
      for (const { name, value, skip } of entries) if (skip === undefined) await set(name, value)
      return {
        stored: entries.flatMap(({ name, skip }) => (skip === undefined ? name : [])),
        skipped: entries.flatMap(({ name, line, skip }) => (skip === undefined ? [] : { name, line, reason: skip })),
      }
    },
    unlock: async (passphrase) => fileKey.unlock(await file.read(), passphrase),
    async protect(passphrase) {
      if (await keychain()) throw keychainProtects()
      let adopt = async (): Promise<void> => undefined
      await file.change(async (index) => {
        const old = await fileKey.of(index)
        const next = await fileKey.next(index, passphrase)
        adopt = next.adopt
        return { lock: next.lock, secrets: resealed(index.secrets, old, next.key) }
      })
      await adopt()
    },
    delete: (name) =>
      file.change(async (index) => {
        const { [name]: _gone, ...others } = index.secrets
        if (own(index.secrets, name)?.kept_in === 'keychain') await (await keychain())?.delete(account(index.id, name))
        return { ...index, secrets: others }
      }),
    async protection() {
      if (await keychain()) return { protection: 'keychain' }
      const index = await file.read()
      if (await fileKey.isLocked(index)) return { protection: 'locked' }
      if (fileKey.isStrong(index)) return { protection: 'passphrase_file' }
      return { protection: 'encrypted_file', warning: WEAK }
    },
    async resolve(references) {
      const values: Record<string, string> = {}
      for (const reference of new Set(references)) {
        const { kind, name } = parseReference(reference)
        const value = (kind === 'env' ? variable(environment, name) : undefined) || (await read(name))
        if (value) values[reference] = value
      }
      const missing = references.filter((reference) => !Object.hasOwn(values, reference))
      if (missing.length > 0) throw missingSecrets(missing)
      return values
    },
  }
}

const own = (secrets: Readonly<Record<string, Entry>>, name: string): Entry | undefined =>
  Object.hasOwn(secrets, name) ? secrets[name] : undefined

const stateOf = (name: string, { kept_in, updated_at }: Entry, present: boolean): SecretState => ({
  reference: `secret:${name}`,
  present,
  kept_in,
  updated_at,
})

function stateOfReference(reference: string, environment: NodeJS.ProcessEnv, kept: readonly SecretState[]): SecretState {
  const { kind, name } = parseReference(reference)
  const present = kind === 'env' && Boolean(variable(environment, name))
  const stored = present ? undefined : kept.find((state) => state.reference === `secret:${name}`)
  if (stored) return { ...stored, reference }
  return { reference, present, kept_in: present ? 'environment' : 'nowhere' }
}

function missingSecrets(missing: readonly string[]): StudioError {
  const problems = missing.map((reference) => ({ path: '', message: `${reference} is not set` }))
  const ways = missing.map((reference) => {
    const name = reference.slice(reference.indexOf(':') + 1)
    return reference.startsWith('env:')
      ? `set the variable ${name} and start Greenroom again, or keep the key under Models & keys`
      : `set "${name}" under Models & keys`
  })
  return new StudioError('not_found', `A key is missing: ${missing.join(', ')}`, `${capital(ways.join('; '))}.`, problems)
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** The same secrets, sealed with another key. Throws when one of them cannot be opened: better none changed than one lost. */
const resealed = (secrets: Readonly<Record<string, Entry>>, from: Buffer, to: Buffer): Record<string, Entry> =>
  Object.fromEntries(
    Object.entries(secrets).map(([name, entry]) => [
      name,
      entry.kept_in === 'keychain' ? entry : { ...entry, sealed: seal(to, name, unseal(from, name, entry.sealed)) },
    ]),
  )

const keychainProtects = () =>
  new StudioError(
    'conflict',
    'This machine’s keychain keeps the keys, so there is no file to protect',
    'Nothing has to be done: the keychain is opened by your login.',
  )
