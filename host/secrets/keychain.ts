import type { Logger } from 'pino'
import { StudioError } from '../../core/contract/errors.ts'

/** The operating system's own store for secrets: Keychain, Credential Manager, Secret Service. */
export type Keychain = Readonly<{
  get: (account: string) => Promise<string | undefined>
  set: (account: string, value: string) => Promise<void>
  delete: (account: string) => Promise<void>
}>

const SERVICE = 'Greenroom'
/** Without this, Linux falls back to the kernel's keyring, which forgets everything at the next start of the machine. */
const STORE = { linux: { store: 'secret-service' } } as const
/** A locked keychain may ask the user; one that does not answer at all counts as none. */
const PROBE_MS = 10_000

/** Undefined where there is none, as on most servers. */
export async function openKeychain(log: Logger): Promise<Keychain | undefined> {
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring')
    const entry = (account: string) => new AsyncEntry(SERVICE, account, STORE)
    await entry('probe').getPassword(AbortSignal.timeout(PROBE_MS))
    return {
      get: async (account) => (await told(entry(account).getPassword())) ?? undefined,
      set: (account, value) => told(entry(account).setPassword(value)),
      delete: async (account) => {
        await told(entry(account).deleteCredential())
      },
    }
  } catch (cause) {
    log.info({ reason: cause instanceof Error ? cause.message : String(cause) }, 'no keychain; secrets go into an encrypted file')
    return undefined
  }
}

async function told<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (cause) {
    throw new StudioError('unavailable', 'The keychain did not answer or was not opened', 'Unlock it and try again.', [], {
      cause,
    })
  }
}
