import type { TenantId } from '../../core/contract/ids.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { SecretChange } from '../../core/store/sealed-secrets.ts'
import type { Store } from '../../core/store/store.ts'
import type { Envelope } from './envelope.ts'

const PAGE = 200

export type Rotated = Readonly<{ tenants: number; resealed: number; kept: number }>

/**
 * Seals every data key with the present key of the server; the secrets themselves stay as they are. May be run again, also after it broke
 * off; until it has ended the old key has to stay in GREENROOM_SECRET_KEY_OLD.
 */
export async function rotateSecrets(
  { store, envelope }: Readonly<{ store: Pick<Store, 'secrets' | 'directory' | 'commit'>; envelope: Envelope }>,
  scopeIn: (tenant_id: TenantId) => TenantScope,
): Promise<Rotated> {
  let sum: Rotated = { tenants: 0, resealed: 0, kept: 0 }
  let cursor: string | undefined
  do {
    const page = await store.directory.tenants({ limit: PAGE, cursor })
    for (const { tenant_id } of page.rows) {
      const { resealed, kept } = await rotateTenant(store, envelope, scopeIn(tenant_id))
      sum = { tenants: sum.tenants + 1, resealed: sum.resealed + resealed, kept: sum.kept + kept }
    }
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return sum
}

async function rotateTenant(store: Pick<Store, 'secrets' | 'commit'>, envelope: Envelope, scope: TenantScope) {
  const secrets = await store.secrets.list(scope)
  const all = await Promise.all(secrets.map((secret) => envelope.reseal(scope.tenant_id, secret)))
  const changes = all.flatMap((secret): SecretChange[] => (secret ? [{ kind: 'secret.keep', secret }] : []))
  const { length: resealed } = changes
  if (resealed > 0)
    await store.commit(scope, changes, { action: 'secret.rotate', subject: scope.tenant_id, detail: { resealed } })
  return { resealed, kept: secrets.length - resealed }
}
