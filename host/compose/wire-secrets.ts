import type { Caller } from '../../core/contract/caller.ts'
import type { TenantId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SecretChange } from '../../core/store/sealed-secrets.ts'
import { scopeIn } from '../access/acting-scope.ts'
import type { SecretsFor } from '../runtime/present-secrets.ts'
import { createEnvelope, type Envelope } from '../secrets/envelope.ts'
import { openKeyRing, requireStrongPassphrase } from '../secrets/key-ring.ts'
import { rotateSecrets, type Rotated } from '../secrets/rotate-secrets.ts'
import { createSecrets, type SecretsOf } from '../secrets/secrets.ts'
import { createStoredSecrets } from '../secrets/stored-secrets.ts'
import type { Base } from './base.ts'

export type SecretWiring = Readonly<{
  of: SecretsOf
  /** What the host itself signs in with; agents cannot name all of it. */
  ofHost: SecretsFor
  /** Seals what the host itself has to keep of a tenant. */
  envelope: Envelope
  /** Keeps a secret: by what has to be committed with what refers to it, or at once, where that is not in the store. */
  keep: (scope: TenantScope, name: string, value: string) => Promise<readonly SecretChange[]>
  forget: (scope: TenantScope, name: string) => Promise<readonly SecretChange[]>
  /** Absent in a studio. */
  rotate?: (caller: Caller) => Promise<Rotated>
}>

type SecretOptions = Pick<Base, 'data_dir' | 'store' | 'log' | 'clock'> & Readonly<{ server: Base['server'] | undefined }>

/** A studio keeps the keys of its one person in the keychain or a file; a server those of its tenants in the store. */
export function wireSecrets({ data_dir, store, log, clock, server }: SecretOptions): SecretWiring {
  if (server) requireStrongPassphrase(process.env)
  const isShared = server?.store_url !== undefined
  const keys = openKeyRing({ environment: process.env, ...(!isShared && { data_dir }) })
  const envelope = createEnvelope(keys)
  if (!server) {
    const secrets = createSecrets({ data_dir, log, clock })
    return {
      of: () => secrets,
      ofHost: () => secrets.resolve,
      envelope,
      keep: async (_scope, name, value) => {
        await secrets.set(name, value)
        return []
      },
      forget: async (_scope, name) => {
        await secrets.delete(name)
        return []
      },
    }
  }
  const stored = createStoredSecrets({ store, envelope, isStrong: keys.isStrong, environment: process.env, clock })
  return {
    of: stored.of,
    ofHost: stored.ofHost,
    envelope,
    keep: async (scope, name, value) => [await stored.keeping(scope, name, value)],
    forget: async (_scope, name) => [{ kind: 'secret.forget', name }],
    rotate: (caller) => rotateSecrets({ store, envelope }, (tenant_id: TenantId) => scopeIn(tenant_id, caller)),
  }
}
