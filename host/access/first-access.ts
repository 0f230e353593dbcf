/**
 * The way into a new server. Threat: a key that is printed twice is a key that nobody watches, and a server that printed none cannot be
 * entered. So the first key is made while there is no other, by one of the instances that start together, and its value is told once.
 */
import { DEFAULT_TENANT } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { User } from '../../core/contract/tenants.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Change, Store } from '../../core/store/store.ts'
import { newKey } from './new-key.ts'
import { readAll } from './read-all.ts'
import { keeperRole } from './role-rules.ts'
import { newTenant } from './tenant-handlers.ts'

type Deps = Readonly<{ store: Pick<Store, 'directory' | 'commit'>; clock: () => number }>

/** What stands for itself is there: the own tenant of a server or data folder, and its first user. Again changes nothing. */
export async function ensureOwnTenant({ store, clock }: Deps, own: TenantScope): Promise<void> {
  const [tenant, user] = await Promise.all([store.directory.tenant(own.tenant_id), store.directory.user(own, own.user_id)])
  const role = own.tenant_id === DEFAULT_TENANT ? 'operator' : 'admin'
  const first: User = { user_id: own.user_id, name: 'Default', role, enabled: true, created_at: clock() }
  const changes: Change[] = []
  if (!tenant)
    changes.push({ kind: 'tenant.save', tenant: newTenant(own.tenant_id, { private_addresses: true }, clock()), is_new: true })
  if (!user) changes.push({ kind: 'user.save', user: first, is_new: true })
  if (changes.length === 0) return
  // Nobody asked for it: there is no row in the audit for what a host is made of.
  await store.commit(own, changes, null).catch(unlessThereNow)
}

/** The value of the first key of a server that has none yet; undefined on one that has. */
export async function makeFirstKey({ store, clock }: Deps, own: TenantScope): Promise<string | undefined> {
  const keys = () => readAll((page) => store.directory.keys(own, page))
  if ((await keys()).length > 0) return undefined
  const { tenant_id, user_id } = own
  const { key, value } = newKey({ tenant_id, user_id, name: 'First key', role: keeperRole(tenant_id) }, clock())
  await store.commit(own, [{ kind: 'key.save', key }], { action: 'key.create', subject: key.key_id, detail: { first: true } })
  const [first] = (await keys()).map(({ key_id }) => key_id).sort()
  if (first === key.key_id) return value
  // Another instance was quicker: its key is the one that is told.
  await store.commit(own, [{ kind: 'key.save', key: { ...key, revoked_at: clock() } }], {
    action: 'key.revoke',
    subject: key.key_id,
    detail: {},
  })
  return undefined
}

/** Another instance did the same at the same time. */
function unlessThereNow(cause: unknown): void {
  if (!(cause instanceof StudioError && cause.code === 'conflict')) throw cause
}
