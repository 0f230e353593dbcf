/**
 * Keys of providers of many tenants, in the store that all instances share. Threat: one tenant reads another's keys, or the server's own: a
 * variable of the environment could be sent by a document to an address of its choice. So a scope finds its own tenant's secrets alone, and
 * `env:NAME` means the environment only to tenants that the operator trusts with it, and to nobody what the server itself runs on: the key of
 * its store would be worth more than any role. Values leave here only through `resolve`; see envelope.ts
 * for what the store holds.
 */
import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { SecretName, type SecretState } from '../../core/contract/secrets.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SealedSecret, SecretChange } from '../../core/store/sealed-secrets.ts'
import type { Store } from '../../core/store/store.ts'
import { readEnvFile } from './env-file.ts'
import type { Envelope } from './envelope.ts'
import { parseReference, variable } from './references.ts'
import type { Secrets } from './secrets.ts'

type Resolve = Secrets['resolve']

export type StoredSecretsDeps = Readonly<{
  store: Pick<Store, 'secrets' | 'commit'>
  envelope: Envelope
  /** The server's key is not beside what it protects. */
  isStrong: boolean
  environment: NodeJS.ProcessEnv
  /** Milliseconds since the epoch. */
  clock: () => number
}>

export type StoredSecrets = Readonly<{
  of: (scope: TenantScope) => Secrets
  /** What the host itself signs in with, in its own tenant: the environment as it is, then what is kept. */
  ofHost: (scope: TenantScope) => Resolve
  /** To be committed with what refers to it. Throws `malformed`. */
  keeping: (scope: TenantScope, name: string, value: string) => Promise<SecretChange>
}>

/** Tenants besides the server's own whose documents may refer to the environment, separated by commas. */
const TRUSTED = 'GREENROOM_ENVIRONMENT_TENANTS'
/** What opens the store, its secrets or other servers of the operator. */
const OF_THE_SERVER = /^(GREENROOM_\w+|DATABASE_URL|MONGO_URI|REDIS_URL|LANGFUSE_\w+|OTEL_\w+|PG\w+)$/
/** LiveKit Inference takes the pair of the rooms, which also signs who is of which tenant; on a server it has its own, by LiveKit's names. */
const OF_INFERENCE: Readonly<Record<string, string>> = {
  LIVEKIT_API_KEY: 'LIVEKIT_INFERENCE_API_KEY',
  LIVEKIT_API_SECRET: 'LIVEKIT_INFERENCE_API_SECRET',
}
const WEAK =
  'The key that seals these secrets lies beside them: set GREENROOM_SECRET_KEY (openssl rand -base64 32), and run greenroom secrets rotate.'

export function createStoredSecrets({ store, envelope, isStrong, environment, clock }: StoredSecretsDeps): StoredSecrets {
  const trusted = new Set([DEFAULT_TENANT, ...(environment[TRUSTED] ?? '').split(',').map((id) => id.trim())])
  const fromEnvironment = ({ tenant_id }: TenantScope, name: string): string | undefined =>
    trusted.has(tenant_id) ? readable(environment, name) || undefined : undefined

  async function keeping({ tenant_id }: TenantScope, name: string, value: string): Promise<SecretChange> {
    const clean = value.trim()
    if (!SecretName.safeParse(name).success) throw badName()
    if (clean === '') throw new StudioError('malformed', `The secret "${name}" would be empty`, 'Paste the key itself.')
    return { kind: 'secret.keep', secret: await envelope.seal(tenant_id, name, clean, clock()) }
  }
  /** One transaction, with its audit row: names, and never a value. */
  const commit = (scope: TenantScope, action: string, names: readonly string[], changes: readonly SecretChange[]) =>
    store.commit(scope, changes, { action, subject: names.join(' ').slice(0, 200), detail: { names: [...names] } })

  async function read(scope: TenantScope, name: string): Promise<string | undefined> {
    const secret = await store.secrets.find(scope, name)
    return secret && envelope.open(scope.tenant_id, secret)
  }

  const resolver =
    (scope: TenantScope, ofEnvironment: (name: string) => string | undefined): Resolve =>
    async (references) => {
      const values: Record<string, string> = {}
      for (const reference of new Set(references)) {
        const { kind, name } = parseReference(reference)
        const value = (kind === 'env' ? ofEnvironment(name) : undefined) || (await read(scope, name))
        if (value) values[reference] = value
      }
      const missing = references.filter((reference) => !Object.hasOwn(values, reference))
      if (missing.length > 0) throw missingSecrets(missing, trusted.has(scope.tenant_id))
      return values
    }

  const of = (scope: TenantScope): Secrets => ({
    keepsAudit: true,
    async states(references) {
      const kept = (await store.secrets.list(scope)).filter(isOwn).map(stateOf)
      const known = new Set(kept.map(({ reference }) => reference))
      const asked = [...new Set(references)].filter((reference) => !known.has(reference))
      return [...kept, ...asked.map((reference) => stateOfReference(reference, kept, (name) => fromEnvironment(scope, name)))]
    },
    async set(name, value) {
      const change = await keeping(scope, name, value)
      await commit(scope, 'secret.set', [name], [change])
      return { reference: `secret:${name}`, present: true, kept_in: 'store', updated_at: clock() }
    },
    async delete(name) {
      if (SecretName.safeParse(name).success) await commit(scope, 'secret.delete', [name], [{ kind: 'secret.forget', name }])
    },
    async importEnv(text, names) {
      const entries = readEnvFile(text, names)
      const wanted = entries.filter(({ skip }) => skip === undefined)
      const changes = await Promise.all(wanted.map(({ name, value }) => keeping(scope, name, value)))
      const stored = wanted.map(({ name }) => name)
      if (stored.length > 0) await commit(scope, 'secret.import_env', stored, changes)
      return {
        stored,
        skipped: entries.flatMap(({ name, line, skip }) => (skip === undefined ? [] : { name, line, reason: skip })),
      }
    },
    protection: async () => (isStrong ? { protection: 'passphrase_file' } : { protection: 'encrypted_file', warning: WEAK }),
    protect: () => Promise.reject(keyOfServer()),
    unlock: () => Promise.reject(keyOfServer()),
    resolve: resolver(scope, (name) => fromEnvironment(scope, name)),
  })
  return { of, ofHost: (scope) => resolver(scope, (name) => variable(environment, name)), keeping }
}

/** What an agent may have of the environment. */
function readable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const own = OF_INFERENCE[name]
  if (own !== undefined) return variable(environment, own)
  return OF_THE_SERVER.test(name) ? undefined : variable(environment, name)
}

/** Secrets of the host itself, such as what signs webhooks, have names that nobody can give or refer to. */
const isOwn = ({ name }: SealedSecret): boolean => SecretName.safeParse(name).success

const stateOf = ({ name, updated_at }: SealedSecret): SecretState => ({
  reference: `secret:${name}`,
  present: true,
  kept_in: 'store',
  updated_at,
})

function stateOfReference(
  reference: string,
  kept: readonly SecretState[],
  fromEnvironment: (name: string) => string | undefined,
): SecretState {
  const { kind, name } = parseReference(reference)
  if (kind === 'env' && fromEnvironment(name)) return { reference, present: true, kept_in: 'environment' }
  const stored = kind === 'env' ? kept.find((state) => state.reference === `secret:${name}`) : undefined
  return stored ? { ...stored, reference } : { reference, present: false, kept_in: 'nowhere' }
}

function missingSecrets(missing: readonly string[], isTrusted: boolean): StudioError {
  const problems = missing.map((reference) => ({ path: '', message: `${reference} is not set` }))
  const pairs = missing.flatMap((reference) => OF_INFERENCE[parseReference(reference).name] ?? [])
  const isVariable = missing.some((reference) => reference.startsWith('env:'))
  return new StudioError(
    'not_found',
    `A key is missing: ${missing.join(', ')}`,
    isVariable && !isTrusted
      ? 'Variables are the server’s own: keep the key as a secret of this tenant, and refer to it as secret:NAME.'
      : pairs.length > 0
        ? `For LiveKit Inference set ${pairs.join(' and ')} on the server, or keep the pair as secrets of this tenant.`
        : 'Keep it as a secret of this tenant.',
    problems,
  )
}

const badName = () =>
  new StudioError('malformed', 'This cannot be the name of a secret.', 'Use letters, digits, ".", "_" and "-", 64 at most.')

const keyOfServer = () =>
  new StudioError(
    'unsupported',
    'These secrets are sealed with the key of the server.',
    'Change it with GREENROOM_SECRET_KEY and greenroom secrets rotate.',
  )
