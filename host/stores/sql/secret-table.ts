import type { SealedSecret, SecretChange } from '../../../core/store/sealed-secrets.ts'
import type { StudioDb } from './studio-schema.ts'
import type { Write } from './write.ts'

const COLUMNS = ['name', 'sealed', 'sealed_key', 'key_id', 'updated_at'] as const

export const listSecrets = (db: StudioDb, tenant_id: string): Promise<readonly SealedSecret[]> =>
  db.selectFrom('sealed_secret').select(COLUMNS).where('tenant_id', '=', tenant_id).orderBy('name').execute()

export const findSecret = (db: StudioDb, tenant_id: string, name: string): Promise<SealedSecret | undefined> =>
  db.selectFrom('sealed_secret').select(COLUMNS).where('tenant_id', '=', tenant_id).where('name', '=', name).executeTakeFirst()

export async function commitSecretChange({ db, scope }: Write, change: SecretChange): Promise<void> {
  const { tenant_id } = scope
  if (change.kind === 'secret.forget') {
    await db.deleteFrom('sealed_secret').where('tenant_id', '=', tenant_id).where('name', '=', change.name).execute()
    return
  }
  const { name, sealed, sealed_key, key_id, updated_at } = change.secret
  const row = { sealed, sealed_key, key_id, updated_at }
  await db
    .insertInto('sealed_secret')
    .values({ tenant_id, name, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet(row))
    .execute()
}
